"""The grader's hands inside a student's kernel. All of it runs in the *student's* process and is trusted by nobody.

The kernel is an ordinary IPython kernel that understands one more shell message, ``goodfit_request``. Its answers are
plain data (:mod:`goodfit.inside.wire`); a student who rewires this module only changes the answers to questions about
their own work. It therefore knows no expected value, no threshold and no hidden row.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import Type

from goodfit.inside import figures, wire

MAX_MESSAGE = 400  # characters of a student's own error message that travel back


class Refused(Exception):
    """The question cannot be answered, for a reason that the student should read."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class StudentShell(ZMQInteractiveShell):
    """IPython's shell, whose ``exit`` and ``quit`` end nothing: the cells below are somebody's work too."""

    def ask_exit(self) -> None:
        """Tell in the cell's reply that it asked for the end."""
        self.payload_manager.write_payload({"source": "ask_exit", "keepkernel": True})  # type: ignore[union-attr]


class StudentKernel(IPythonKernel):
    """An IPython kernel that also answers ``goodfit_request`` messages."""

    shell_class = Type(StudentShell)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shell_handlers["goodfit_request"] = self.goodfit_request
        self._lent: dict[str, Any] = {}

    async def goodfit_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Answer one request; whatever goes wrong inside becomes an answer, never a dead kernel."""
        content, buffers = parent["content"], [bytes(b) for b in parent.get("buffers", [])]
        out: list[Any] = []
        try:
            handler: Callable[..., Any] = getattr(self, "_do_" + content["op"])
            value = handler(content, buffers)
            if isinstance(value, bytes):
                reply, out = {"status": "ok", "value": None}, [value]
            else:
                tree, out = wire.encode(value)
                reply = {"status": "ok", "value": tree}
            size = sum(map(len, out))
            if size > content["max_bytes"]:
                text = f"the answer is {size / 2**20:.0f} MiB, more than the {content['max_bytes'] >> 20} MiB allowed"
                raise Refused("too_large", text)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the student's to cause
            reply, out = _failure(error), list[Any]()
        assert self.session is not None
        self.session.send(stream, "goodfit_reply", reply, parent, ident=ident, buffers=list(out))

    def _name(self, name: str) -> Any:
        try:
            return self.shell.user_ns[name]  # type: ignore[union-attr]
        except KeyError:
            raise Refused("missing", f"`{name}` is not defined at this place of the notebook") from None

    def _do_call(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        function = self._name(content["name"])
        if not callable(function):
            raise Refused("missing", f"`{content['name']}` is not a function but of type {type(function).__name__}")
        args, kwargs = wire.decode(content["arguments"], buffers, lent=self._lent)
        result = function(*args, **kwargs)
        if content.get("keep"):
            self._lent[content["keep"]] = result
            return None
        if content.get("look"):  # only what can be changed and sent: the rest cannot have been the grader's data
            kinds = (np.ndarray, list, dict)
            return result, [a if isinstance(a, kinds) else None for a in [*args, *kwargs.values()]]
        return result

    def _do_value(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        return self._name(content["name"])

    def _do_lend(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        namespace: dict[str, Any] = {"__name__": "lent"}
        exec(compile(content["source"], "<lent by the grader>", "exec"), namespace)
        self._lent[content["key"]] = namespace[content["name"]]

    def _do_has_room(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        """Raises MemoryError where something in this process has taken the memory."""
        bytearray(content["bytes"])

    def _do_model(self, content: dict[str, Any], buffers: list[bytes]) -> bytes:
        model = self._lent[content["key"]] if content.get("key") else self._name(content["name"])
        if model is None:
            raise Refused("no_model", "is None instead of a Keras model")
        if not callable(getattr(model, "save", None)):
            raise Refused("no_model", f"is of type {type(model).__name__}, not a Keras model")
        handle, path = tempfile.mkstemp(suffix=".keras")
        os.close(handle)
        try:
            model.save(path)
            with open(path, "rb") as file:
                return file.read()
        finally:
            os.unlink(path)

    def _do_probe(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        from goodfit.sandbox import proof

        return proof.probe(**content["arguments"])


def _failure(error: BaseException) -> dict[str, Any]:
    """Describe an error as plain text: kind, name, message and the student's line that raised it."""
    if isinstance(error, Refused):
        return {"status": "refused", "kind": error.kind, "text": wire.clean(str(error))}
    if isinstance(error, wire.WireError):
        return {"status": "refused", "kind": "not_plain", "text": wire.clean(str(error))}
    try:
        message = wire.clean(str(error)[:MAX_MESSAGE])
    except Exception:
        message = ""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "ipykernel_" in f.filename or "<ipython" in f.filename
    ]
    return {
        "status": "raised",
        "names": [wire.clean(c.__name__) for c in type(error).__mro__ if issubclass(c, BaseException)],
        "text": message,
        "line": wire.clean((frames[-1].line or "").strip()[:MAX_MESSAGE]) if frames else "",
    }


def run_kernel(connection_file: str) -> None:
    """Serve one student kernel on a Jupyter connection file until it is shut down."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(kernel_class=StudentKernel)
    # history in memory: a file would be shared state between students
    app.initialize(["-f", connection_file, "--log-level=50", "--HistoryManager.hist_file=:memory:"])
    figures.arrange(app.shell)
    app.start()
