"""The submitted notebook is a device that never ends, as far as one can be made or linked."""
# places: file


def hand_in(folder, notebook):
    import os
    import stat

    try:
        os.mknod(folder / "tiny.ipynb", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    except OSError:
        (folder / "tiny.ipynb").symlink_to("/dev/zero")
    (folder / "random").symlink_to("/dev/urandom")
