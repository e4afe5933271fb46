"""The tier bubblewrap, seen by its user: start a confined process inside bubblewrap.

caller ─▶ outer ─▶ bwrap ─▶ inner ─▶ target
          (one request of the protocol   (limits and
          the fork server speaks)        further layers)
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile

from goodfit.sandbox import request, view
from goodfit.sandbox.errors import ConfinementFailed, SandboxUnavailable
from goodfit.sandbox.fork.client import server_environment
from goodfit.sandbox.process import SandboxProcess
from goodfit.sandbox.request import Request

SPAWN_SECONDS = 60.0
REMEDY = "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap)."


def find_bubblewrap() -> str:
    """Path of the program; raises SandboxUnavailable without it."""
    if not (path := shutil.which("bwrap", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/local/bin")):
        raise SandboxUnavailable("bubblewrap is not installed", where="bwrap", remedy=REMEDY)
    return os.path.realpath(path)


def spawn(wanted: Request, sock: socket.socket | None = None, *, timeout: float = SPAWN_SECONDS) -> SandboxProcess:
    """Start a confined process; returns when it is confined and about to run its target.

    Raises:
        SandboxUnavailable: there is no bubblewrap.
        ConfinementFailed: it could not be confined; nothing ran.
    """
    if not wanted.confined:
        raise ConfinementFailed("bubblewrap is for confined processes only", where="bubblewrap")
    program = find_bubblewrap()
    ours, theirs = request.control_pair()
    with tempfile.TemporaryFile() as errors, theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "goodfit.sandbox.bubblewrap.outer", str(theirs.fileno()), program],
            env=server_environment([view.PACKAGE_HOME]),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
            cwd="/",
        )
        theirs.close()
        try:
            ours.settimeout(timeout)
            request.send(ours, wanted.model_dump(mode="json"), (sock.fileno(),) if sock else ())
            answer, fds = request.receive(ours)
            ours.settimeout(None)
            if answer is None:
                errors.seek(0)
                raise ConfinementFailed(
                    "The helper of bubblewrap ended", where=errors.read()[-1000:].decode("utf-8", "replace")
                )
        except BaseException as error:
            ours.close()
            process.wait()
            if isinstance(error, OSError):
                raise ConfinementFailed(
                    f"bubblewrap did not come up within {timeout:.0f} s: {error}", where="bubblewrap"
                ) from error
            raise
    if "error" in answer:
        ours.close()
        process.wait()
        raise ConfinementFailed(answer["error"], where=answer["where"], remedy=answer["remedy"])
    answer |= {"writable": wanted.writable(), "run_dir": wanted.run_dir}
    return SandboxProcess(pid=process.pid, handle=fds[0], log=fds[1], control=ours, answer=answer, on_end=process.wait)
