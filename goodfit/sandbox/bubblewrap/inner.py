"""The tier bubblewrap, inside: unpack the submission, take the last rights away, run the target."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import tarfile

from goodfit.sandbox import confine, layers, request
from goodfit.sandbox.request import Request


def main() -> None:
    """Entry point; the argument is the descriptor of the plan that `outer` wrote."""
    with open(int(sys.argv[1]), encoding="utf-8") as file:
        plan = json.load(file)
    channel = socket.socket(fileno=plan["setup"])
    channel.set_inheritable(False)
    extra: int | None = plan["extra"]
    sys.path_importer_cache.clear()
    try:
        wanted = Request.model_validate(plan["request"])
        if wanted.staging is not None:
            with open(plan["staging"], "rb") as packed, tarfile.open(fileobj=packed, mode="r") as archive:
                # Python before 3.11.4 (Debian 12's) has no filters; what is in the archive was chosen by `outer`
                archive.extraction_filter = getattr(tarfile, "data_filter", None)
                archive.extractall(request.WORK_DIR)
        log = os.open(request.LOG_FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(log, number)
        request.send(channel, {"log": True}, (log,))  # now: later no descriptor leaves this process
        confine.close_all_but({0, 1, 2, log, channel.fileno()} | ({extra} if extra is not None else set()))
        layers.be_killed_first()
        with contextlib.suppress(OSError):  # it leads one already
            os.setsid()
        layers.set_limits(wanted.limits)
        names = ["namespaces", "bubblewrap", "limits", "no further namespaces"]
        layers.strip_rights()
        names.append("no capabilities")
        if layers.apply_landlock([request.WORK_DIR, "/tmp", "/dev/shm", *wanted.rw]):
            names.append("landlock")
        if layers.apply_seccomp():
            names.append("seccomp")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        confine.reset(wanted)
        request.send(channel, {"ready": True, "layers": names})
        os.close(log)
        channel.close()
    except BaseException as error:
        confine.report(channel, error)
        os._exit(confine.SETUP_FAILED)
    os._exit(confine.run(wanted, extra))


if __name__ == "__main__":
    main()
