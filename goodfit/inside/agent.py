"""The grader's hands inside a student's kernel. All of it runs in the *student's* process and is trusted by nobody.

The kernel is an ordinary IPython kernel that answers questions besides, which come on a socket of their own: as
Jupyter messages they cost three times as much, and a notebook is asked some hundred. Its answers are plain data
(:mod:`goodfit.inside.wire`); a student who rewires this module only changes the answers to questions about their own
work. It therefore knows no expected value, no threshold and no hidden row.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import Type

from goodfit.inside import figures, frames, graph_export, wire

MAX_MESSAGE = 400  # characters of a student's own error message that travel back
MAX_QUESTION = 512 * 2**20  # bytes: the grader's own arguments


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

    def init_sys_path(self) -> None:
        """Leave the path alone: a submitted json.py must not be what the kernel itself imports when it starts."""


class StudentKernel(IPythonKernel):
    """An IPython kernel that also answers the grader's questions.

    Attributes:
        questions: the connected socket that they come on.
    """

    shell_class = Type(StudentShell)
    questions: socket.socket | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._remote: dict[str, Any] = {}

    def start(self) -> None:
        """Serve Jupyter's messages, and the questions."""
        super().start()
        if self.questions is not None:
            self.io_loop.add_handler(self.questions.fileno(), self._answer_next, self.io_loop.READ)

    def _answer_next(self, *_: Any) -> None:
        """Answer one question; whatever goes wrong inside becomes an answer, never a dead kernel."""
        assert self.questions is not None
        try:
            content, buffers = frames.receive(self.questions, MAX_QUESTION)
        except (EOFError, OSError):
            self.io_loop.remove_handler(self.questions.fileno())
            return
        number = {"id": content["id"]}
        frames.send(self.questions, {**number, "begun": True})
        out: list[Any] = []
        try:
            self.pre_handler_hook()  # an interrupt reaches the student's code, as it does in a cell
            try:
                reply, out = self._answer(content, buffers)
            finally:
                self.post_handler_hook()
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the student's to cause
            reply, out = _failure(error), []
        for stream in (sys.stdout, sys.stderr):  # or what was printed would come with the next cell
            with contextlib.suppress(Exception):
                stream.flush()
        frames.send(self.questions, {**reply, **number}, out)

    def _answer(self, content: dict[str, Any], buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        handler: Callable[..., Any] = getattr(self, "_do_" + content["op"])
        value = handler(content, buffers)
        reply, out = ({"value": None}, [value]) if isinstance(value, bytes) else _encoded(value)
        size = sum(map(len, out))
        if size > content["max_bytes"]:
            text = f"the answer is {size / 2**20:.0f} MiB, more than the {content['max_bytes'] >> 20} MiB allowed"
            raise Refused("too_large", text)
        return {"status": "ok", **reply}, out

    def _name(self, name: str) -> Any:
        try:
            return self.shell.user_ns[name]  # type: ignore[union-attr]
        except KeyError:
            raise Refused("missing", f"`{name}` is not defined at this place of the notebook") from None

    def _do_call(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        function = self._name(content["name"])
        if not callable(function):
            raise Refused("missing", f"`{content['name']}` is not a function but of type {type(function).__name__}")
        args, kwargs = wire.decode(content["arguments"], buffers, handles=self._remote)
        result = function(*args, **kwargs)
        if content.get("save_as"):
            self._remote[content["save_as"]], result = result, None
        if content.get("sparing"):  # what it got, as it is now: only what can be changed and sent
            got = [*args, *kwargs.values()]
            return [result, [a if isinstance(a, np.ndarray | list | dict) else None for a in got]]
        return result

    def _do_value(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        return self._name(content["name"])

    def _do_place(self, content: dict[str, Any], buffers: list[bytes]) -> Any:
        namespace: dict[str, Any] = {"__name__": "grader"}
        exec(compile(content["source"], "<from the grader>", "exec"), namespace)
        self._remote[content["key"]] = namespace[content["name"]]

    def _do_has_room(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        """Raises MemoryError where something in this process has taken the memory."""
        bytearray(content["bytes"])

    def _do_model(self, content: dict[str, Any], buffers: list[bytes]) -> bytes | dict[str, Any]:
        model = self._remote[content["key"]] if content.get("key") else self._name(content["name"])
        if model is None:
            raise Refused("no_model", "is None instead of a Keras model")
        if not callable(getattr(model, "save", None)):
            raise Refused("no_model", f"is of type {type(model).__name__}, not a Keras model")
        if content.get("graph"):
            try:
                return graph_export.export(model)
            except graph_export.NoGraph as error:
                raise Refused("no_graph", str(error)) from error
        own = graph_export.foreign_functions(model)
        if own:
            raise Refused("own_function", own[0])
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


def _encoded(value: Any) -> tuple[dict[str, Any], list[bytes]]:
    tree, buffers = wire.encode(value)
    return {"value": tree}, buffers


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


def run_kernel(connection_file: str, questions: socket.socket | None = None) -> None:
    """Serve one student kernel until it is shut down.

    Args:
        connection_file: Jupyter's.
        questions: a connected socket on which the grader asks.
    """
    from ipykernel.kernelapp import IPKernelApp

    StudentKernel.questions = questions
    app = IPKernelApp.instance(kernel_class=StudentKernel)
    # history in memory: a file would be shared state between students
    app.initialize(["-f", connection_file, "--log-level=50", "--HistoryManager.hist_file=:memory:"])
    figures.arrange(app.shell)
    sys.path.insert(0, "")  # from here on, as in Jupyter: a notebook imports what lies beside it
    app.start()
