import os, sys

LIBRARIES = ("/usr", "/lib", "/bin", "/sbin", "/etc", sys.prefix, sys.base_prefix)


def files(top, skip=("/proc", "/sys", "/dev/pts", "/dev/fd", *LIBRARIES)):
    """Every file below a folder that can be read, without the libraries."""
    for folder, folders, names in os.walk(top):
        if folder != top and folder.startswith(skip):
            folders[:] = []
            continue
        for name in names:
            yield os.path.join(folder, name)


def show(path, size=20_000):
    """Print what is in a file, or in a folder; whether that could be done."""
    try:
        if os.path.isdir(path):
            print(path, os.listdir(path))
        else:
            with open(path, "rb") as file:
                print(path, repr(file.read(size)))
        return True
    except (OSError, ValueError):
        return False
