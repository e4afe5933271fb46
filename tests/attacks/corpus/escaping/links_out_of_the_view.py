"""Links and names that lead out of the sandbox's own file system: soft, hard, renamed under an open folder."""
# places: first, last

import os

here = os.open(".", os.O_RDONLY)
for target in ("/etc/passwd", "/usr/bin/env", "/proc/self/exe", "/run/goodfit/kernel.json"):
    try:
        os.link(target, f"/tmp/hard{len(target)}", follow_symlinks=True)
        with open(f"/tmp/hard{len(target)}", "r+b") as file:
            file.write(b"x")
        print("REACHED", target)
    except OSError:
        pass
try:
    os.rename("/tmp", "/tmp2")
    print("REACHED", "rename")
except OSError:
    pass
for folder in ("/", "/usr", "/etc", "/bin", "/lib", os.path.dirname(os.__file__), os.path.dirname(np.__file__)):
    try:
        open(os.path.join(folder, MARK), "w").close()
        print("REACHED", folder)
    except OSError:
        pass
