"""What a check sees of a submission: ``student.call``, ``student.value``, ``student.model`` and so on.

Answers are plain data that was decoded and bounded before the check gets it. Where the student's code fails, the
exceptions say whose fault it is; a check does not catch them.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from goodfit.check import CheckFailed
from goodfit.grading.client import KernelGone
from goodfit.grading.keras_file import PLAIN, RefusedModel, VettedModel, own_function, vet
from goodfit.grading.model import Model
from goodfit.grading.model_graph import vet_graph
from goodfit.grading.reader import Readers
from goodfit.grading.session import Session
from goodfit.inside import wire
from goodfit.notebooks.slice import defined_names
from goodfit.sandbox.clock import Deadline
from goodfit.texts import one_line


class CouldNotRun(Exception):
    """The student's code raised, took too long, or killed its kernel; the message is for the student.

    Attributes:
        rationale: what happened.
        hint: what to do, or None.
    """

    def __init__(self, rationale: str, hint: str | None = None) -> None:
        super().__init__(rationale)
        self.rationale = rationale
        self.hint = hint


class CouldNotSave(CouldNotRun):
    """Keras raised an error when the model was saved."""


class Unfinished(CouldNotRun):
    """A NotImplementedError came: of the handed-out stub, of a stub that this answer calls, or of another kind.

    Attributes:
        name: the function or variable that was asked for.
        bare: whether the error has no text, as that of a stub.
    """

    def __init__(self, rationale: str, name: str, bare: bool) -> None:
        super().__init__(rationale)
        self.name = name
        self.bare = bare


class Student:
    """One submission at the place of one graded cell.

    Args:
        session: the running notebook.
        told: is told of each model whose gap is asked for: what it is, its training and its held-out accuracy.
    """

    def __init__(
        self,
        session: Session,
        told: Callable[[str, float, float], None] = lambda what, training, held_out: None,
    ) -> None:
        self._session = session
        self._told = told
        self._seconds = float("inf")
        self._deadline: Deadline | None = None
        self._keys = count()
        self._models: dict[Any, Model] = {}
        self._readers: Readers | None = None
        self._missed: list[str] = []

    def begin(self, seconds: float) -> None:
        """Start a check's clock: its calls may take ``seconds`` together, without what the machine makes them wait."""
        self._seconds = seconds
        self._deadline = self._session.deadline(seconds)
        self._models.clear()
        self._missed.clear()

    def why_missed(self) -> str | None:
        """Why names that this check asked for were not there: the cell that should define them, and how it ended."""
        for name in self._missed:
            for i in sorted(self._session.stopped, reverse=True):
                if name in defined_names(self._session.notebook.cells[i].source):
                    where, why = self._session.name_of(i), self._session.stopped[i].rstrip(".")
                    return f"`{name}` belongs to {where}, which did not run to its end: {why}."
        return None

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function and return its answer as plain data.

        Args:
            name: the function's name in the notebook.
            args: plain data, arrays, NumPy Generators, remote objects.
            kwargs: the same, by keyword.

        Raises:
            Unfinished: the function raised NotImplementedError, as the handed-out stub does.
            CouldNotRun: it raised another error, took too long or killed its kernel.
            CheckFailed: its answer is no plain data.
        """
        return self._answer(name, *self._call(name, args, kwargs))

    def call_sparing(self, name: str, *args: Any, hint: str | None = None, **kwargs: Any) -> Any:
        """Call the student's function as :meth:`call` does; fail where it changes an array, list or dictionary it got.

        Only for exercises whose text promises it. The look at the arguments is the student's process's: it finds
        mistakes, and proves nothing.
        """
        return self._spared(name, args, kwargs, hint)

    def value(self, name: str) -> Any:
        """Return a global variable of the notebook as plain data."""
        value = self._answer(name, *self._ask("value", [], name=name))
        if value is None:
            self._missed.append(name)
        return value

    def raises(self, error: str, name: str, *args: Any, hint: str | None = None, **kwargs: Any) -> None:
        """Fail unless the call raises the named built-in error (or a subclass of it)."""
        reply, _ = self._call(name, args, kwargs)
        if reply.get("status") == "ok" or (reply.get("status") == "refused" and reply.get("kind") != "missing"):
            raise CheckFailed(f"`{name}` should raise {error} for these arguments, but it returned something.", hint)
        if reply.get("status") == "raised" and _names(reply)[:1] != ["NotImplementedError"]:
            if error not in _names(reply):
                got = (_names(reply) or ["another error"])[0]
                raise CheckFailed(f"`{name}` should raise {error} for these arguments, but it raised {got}.", hint)
            return
        self._answer(name, reply, [])

    def remote(self, thing: Callable[..., Any]) -> wire.Handle:
        """Place a self-contained class or function of the grader in the student's kernel, to be passed as an argument.

        The student's process can read and change it: it must hold nothing secret, and its own records prove nothing.
        """
        key = f"remote-{next(self._keys)}"
        source = textwrap.dedent(inspect.getsource(thing))
        self._answer(thing.__name__, *self._ask("place", [], source=source, key=key, name=thing.__name__))
        return wire.Handle(key)

    lend = remote  # its old name, for one version

    def model(self, name: str) -> Model:
        """Return the Keras model in a global variable, loaded from its saved file by a confined process."""
        if name not in self._models:
            self._models[name] = self._model(f"`{name}`", name=name)
        return self._models[name]

    def model_from(self, name: str, *args: Any, **kwargs: Any) -> Model:
        """Return the Keras model that a call of the student's function returns; it must spare its arguments, too."""
        key = f"model-{next(self._keys)}"
        self._spared(name, args, kwargs, save_as=key)
        return self._model(f"what `{name}` returns", name=name, key=key)

    def _model(self, what: str, name: str, **content: Any) -> Model:
        """The model from its ``.keras`` file; where that would need the student's code, from its graph."""
        try:
            vetted = self._model_file(what, name, content)
        except (RefusedModel, CouldNotSave) as refused:
            vetted = self._model_graph(what, name, content, refused)
        self._readers = self._readers or Readers(self._session.kernels)
        return Model(vetted, self._readers, what, self._left, self._told)

    def _model_file(self, what: str, name: str, content: dict[str, Any]) -> VettedModel:
        reply, buffers = self._ask("model", [], name=name, **content)
        if reply.get("status") == "raised":
            words = _text(reply.get("text"))[:250].split(" Example:")[0]  # Keras explains at length
            error = (_names(reply) or ["an error"])[0]
            raise CouldNotSave(f"{what} could not be saved as a Keras model. {error}: {words}", PLAIN)
        if reply.get("kind") == "own_function":
            raise own_function(_text(reply.get("text"))[:80])
        if reply.get("kind") == "no_model":
            text = _text(reply.get("text"))
            if "History" in text:
                hint = "`fit` returns the history of the training. What is wanted is the model whose `fit` was called."
                raise CheckFailed(f"{what} {text}.", hint)
            self._missed.append(name)
            raise CheckFailed(f"{what} {text}.")
        self._answer(name, {**reply, "value": None}, [])
        if len(buffers) != 1:
            raise RefusedModel("It could not be saved as a Keras model.", PLAIN)
        return vet(buffers[0])

    def _model_graph(
        self, what: str, name: str, content: dict[str, Any], refused: RefusedModel | CouldNotSave
    ) -> VettedModel:
        """The same model's graph. Where there is none, what is told is first why the file did not do."""
        reply, buffers = self._ask("model", [], name=name, graph=True, **content)
        try:
            if reply.get("status") == "ok":
                return vet_graph(reply.get("value"), buffers)
            why = _text(reply.get("text"))[:250].rstrip(".")
            if reply.get("status") == "raised":
                why = f"{(_names(reply) or ['an error'])[0]}: {why}"
            why = f"What it computes cannot be exported either: {why}."
        except RefusedModel as error:
            why = str(error)
        if isinstance(refused, CouldNotSave):
            raise CouldNotRun(f"{refused.rationale} {why}", refused.hint) from refused
        raise CheckFailed(f"{what} cannot be graded. {refused} {why}", refused.hint or PLAIN) from refused

    def _spared(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], hint: str | None = None, **content: Any
    ) -> Any:
        """The answer of a call that has changed none of its arguments."""
        answer = self._answer(name, *self._call(name, args, kwargs, sparing=True, **content))
        result, after = answer if isinstance(answer, list) and len(answer) == 2 else (answer, None)
        given = {f"argument {i}": value for i, value in enumerate(args, 1)}
        given |= {f"the argument {key!r}": value for key, value in kwargs.items()}
        if not isinstance(after, list) or len(after) != len(given):
            raise CouldNotRun(f"`{name}` gave no readable answer.")
        for (what, before), now in zip(given.items(), after, strict=True):
            if isinstance(before, np.ndarray | list | dict) and wire.encode(now) != wire.encode(before):
                raise CheckFailed(
                    f"`{name}` changes {what} in place. Whoever called it goes on with other numbers.",
                    hint
                    or "Work on a copy, x.copy(): assigning to x[...], x += 1 and x.sort() change the array itself.",
                )
        return result

    def _call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], **content: Any
    ) -> tuple[dict[str, Any], list[bytes]]:
        tree, buffers = wire.encode((list(args), kwargs))
        return self._ask("call", buffers, name=name, arguments=tree, **content)

    def _left(self) -> float:
        if self._deadline is None:
            return self._seconds
        left = self._deadline.left()
        if left <= 0:
            if self._deadline.busy:
                raise self._session.give_up()
            raise CouldNotRun("This check's time was used up.", "Make the code faster: is there a loop too many?")
        return left

    def _ask(self, op: str, buffers: list[bytes], **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        left = self._left()
        try:
            return self._session.request(op, left, buffers, **content)
        except KernelGone as gone:
            given = f"It took longer than {left:.0f} s"
            shared = f"It took longer than the {left:.0f} s that were left of {self._seconds:.0f} s for all calls"
            words = str(gone).replace(given, shared) if left < self._seconds - 1 else str(gone)
            raise CouldNotRun(f"{_named(content)}{words}") from gone

    def _answer(self, name: str, reply: dict[str, Any], buffers: list[bytes]) -> Any:
        what, status, text = f"`{name}`", reply.get("status"), _text(reply.get("text"))
        if status == "ok":
            try:
                return wire.decode(reply.get("value"), buffers)
            except wire.WireError as error:
                raise CheckFailed(f"The answer of {what} cannot be read: {error}.") from error
        if status == "raised":
            names = _names(reply) or ["an error"]
            line = _text(reply.get("line"))
            where = f" The line is: {line}" if line else ""
            words = f": {text}" if text else ""
            rationale = f"{what} raised {names[0]}{words}.{where}".replace("..", ".")
            if names[0] == "NotImplementedError":
                raise Unfinished(rationale, name, bare=not text)
            if names[0] == "NameError":
                self._missed += re.findall(r"^name '(\w+)' is not defined", text)
            raise CouldNotRun(rationale)
        if status == "refused" and reply.get("kind") == "not_plain":
            raise CheckFailed(f"{what} gives {text}, where plain numbers, lists, dictionaries or arrays are expected.")
        if status == "refused" and reply.get("kind") == "too_large":
            raise CheckFailed(f"{what}: {text}.")
        if status == "refused":
            self._missed.append(name)
            raise CouldNotRun(f"{text}.", "Run the notebook from top to bottom: is the name defined above this cell?")
        raise CouldNotRun(f"{what} gave no readable answer.")


def _named(content: dict[str, Any]) -> str:
    return f"`{content['name']}`: " if "name" in content else ""


def _text(value: Any) -> str:
    """A student's text, bounded and on one line; it is escaped where it is rendered."""
    if not isinstance(value, str):
        return ""
    return one_line(wire.clean(value[:500]))


def _names(reply: dict[str, Any]) -> list[str]:
    names = reply.get("names")
    return [_text(n)[:80] for n in names[:20]] if isinstance(names, list) else []
