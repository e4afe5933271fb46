"""Memory, maps, descriptors, working folder and root of every process that can be seen."""
# begins with: looking
# bgw: BGW-116, BGW-130

mine = str(os.getpid())
for process in [p for p in os.listdir("/proc") if p.isdigit() and p != mine]:
    for part in ("maps", "environ", "stack", "syscall", "io"):
        show(f"/proc/{process}/{part}")
    for part in ("cwd", "root", "exe", "fd", "map_files"):
        try:
            print(process, part, os.listdir(f"/proc/{process}/{part}"))
        except OSError:
            pass
    try:
        with open(f"/proc/{process}/mem", "rb", 0) as memory:
            for line in open(f"/proc/{process}/maps"):
                memory.seek(int(line.split("-")[0], 16))
                print("REACHED", "memory of", process, memory.read(64))
                break
    except (OSError, ValueError, OverflowError):
        pass
