"""System V and POSIX shared memory, queues and semaphores, under names that a neighbour would use too."""
# begins with: calls
# bgw: BGW-114

for key in range(0x676F6F64, 0x676F6F64 + 5):
    call(68, key, 0o1666)  # msgget
    call(64, key, 5, 0o1666)  # semget
    call(29, key, 4096, 0o1666)  # shmget
for key in range(0x676F6F64 - 50, 0x676F6F64):
    if call(68, key, 0) >= 0 or call(64, key, 0, 0) >= 0:
        print("REACHED", "an object of somebody else")
libc.shm_open(b"/" + MARK.encode(), 0o102, 0o666)
