"""The model file is a link to the environment of whoever opens it."""
# places: model
# bgw: BGW-116


def save(path):
    import os

    os.unlink(path)
    os.symlink("/proc/self/environ", path)
