"""Memory, ports and messages of the machine, through its devices and files."""
# begins with: looking
# bgw: BGW-132

for path in ("/dev/mem", "/dev/kmem", "/dev/port", "/proc/kcore", "/proc/kmsg", "/dev/kmsg", "/proc/kallsyms",
             "/proc/kpagecount", "/sys/kernel/debug", "/sys/firmware/efi", "/proc/iomem", "/dev/sda", "/dev/vda"):
    try:
        with open(path, "rb") as file:
            content = file.read(100)
        if content.strip(b"\0 0123456789abcdefABCDEF-:tTdD\n") and path != "/proc/kallsyms" and b"0000-" not in content:
            print("REACHED", path, content[:40])
    except OSError:
        pass
