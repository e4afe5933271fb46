"""Run a command as an ordinary user who can reach the interpreter and this checkout, wherever they lie.

    python as_user.py COMMAND ARGUMENT...

Needs root. Only this command sees the way opened: it is in a mount namespace of its own.
"""

import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NOBODY = 65534

if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    from goodfit.sandbox import view
    from goodfit.sandbox.bubblewrap import outer

    outer.make_reachable([*view.interpreter_paths(), str(REPOSITORY), os.path.abspath(sys.executable)])
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.environ.update(HOME="/tmp", USER="nobody", LOGNAME="nobody", PYTHONDONTWRITEBYTECODE="1")
    os.execvp(sys.argv[1], sys.argv[1:])
