"""Watches, epoll sets, timers and notifications, of which Linux gives each user a number."""
# places: last
# begins with: calls

watched = call(253)
made = 0
for folder, folders, names in os.walk("/usr"):
    if made >= 20_000 or call(254, watched, folder.encode(), 0xFFF) < 0:
        break
    made += 1
timers = 0
while timers < 4000 and call(283, 1, 0) >= 0:
    timers += 1
print(made, timers)
