"""What the sandbox tests run inside a sandbox. Imported there by name, from this folder."""

import json
import os
import socket
import time
import traceback

TRUSTED = b"# without walls\n"
"""Begins code that may run outside of a sandbox. All other code refuses to: it is an attack, and a broken
sandbox must fail its test, not let the test harm the machine."""


def execute(sock: socket.socket) -> None:
    """Run the code that arrives; answer with its `result`, then stay until the other side closes, or for `stay` seconds."""
    code = b""
    while chunk := sock.recv(1 << 16):
        code += chunk
    names: dict[str, object] = {}
    try:
        if not code.startswith(TRUSTED) and (
            os.getuid() == 0 or os.getpid() > 50 or not os.path.isdir("/home/student")
        ):
            raise RuntimeError("not in a sandbox: refusing to run")
        exec(code, names)
        answer = {"result": names.get("result")}
    except BaseException as error:
        answer = {"error": type(error).__name__, "text": traceback.format_exc()[-2000:]}
    sock.sendall(json.dumps(answer).encode() + b"\n")
    until = time.monotonic() + float(names.get("stay", "inf"))  # type: ignore[arg-type]
    while time.monotonic() < until and not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        try:
            sock.sendall(b" ")
        except OSError:
            return
        time.sleep(0.05)


def plain_kernel(connection_file: str) -> None:
    """An ordinary IPython kernel."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(["-f", connection_file, "--log-level=50", "--HistoryManager.hist_file=:memory:"])
    app.start()
