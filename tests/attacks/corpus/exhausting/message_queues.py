"""System V message queues filled with messages."""
# places: last
# alone: yes
# begins with: calls

message = ctypes.create_string_buffer(8 + 8000)
message[0] = b"\x01"
made = 0
while made < 500:
    queue = call(68, 0, 0o600)
    if queue < 0:
        break
    while call(69, queue, message, 8000, 0o4000) >= 0:
        pass
    made += 1
if made == 500:
    print("REACHED", made, "full queues")
