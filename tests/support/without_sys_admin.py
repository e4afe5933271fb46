"""Run a command as a container's root: without the capability to mount and to make namespaces.

    python without_sys_admin.py FOLDER COMMAND ARGUMENT...

Needs root and `setpriv`. Every other user can reach the interpreter, this checkout and the folder, as in a container.
"""

import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    from goodfit.sandbox import view
    from goodfit.sandbox.bubblewrap import outer

    outer.make_reachable(
        [*view.interpreter_paths(), str(REPOSITORY), os.path.abspath(sys.executable), os.path.abspath(sys.argv[1])]
    )
    without = ["--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"]
    os.execvp("setpriv", ["setpriv", *without, *sys.argv[2:]])
