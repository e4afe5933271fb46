"""Everything that the sandbox was given is changed in place: data, files, the folder itself, by links too."""
# bgw: BGW-114

import os

for folder, folders, names in os.walk("."):
    for name in names:
        path = os.path.join(folder, name)
        try:
            os.chmod(path, 0o777)
            open(path, "wb").write(b"changed " + MARK.encode())
        except OSError:
            pass
for name in (MARK, f"data/{MARK}", f"../{MARK}"):
    try:
        os.symlink("/etc/passwd", name)
    except OSError:
        pass
