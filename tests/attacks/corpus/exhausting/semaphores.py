"""System V semaphores: 2 MiB of the kernel's memory for each set, 32,000 sets."""
# places: last
# alone: yes
# begins with: calls

made = 0
while made < 60 and call(64, 0, 32_000, 0o600) >= 0:
    made += 1
if made == 60:
    print("REACHED", made, "sets")
