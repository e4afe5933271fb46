"""What was measured of a set's graders, saved beside its answers: ``graders/<assignment>/answers/record/*.jsonl``.

The grader report is written from these files, so that everybody can see what it says without measuring for hours.
Each is JSON Lines: a header, then one result a line, so that a diff shows which results have changed.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, computed_field

from goodfit.files import write_whole
from goodfit.grading.job import versions
from goodfit.notebooks.assignment import Assignment, AssignmentError
from goodfit.notebooks.source import read_text, shown

Kind = Literal["bank", "mutants", "calibration"]
State = Literal["killed", "equivalent", "survived", "grader error"]
STATES: tuple[State, ...] = get_args(State)


class _Line(BaseModel):
    # constants: a measurement that is no number is read back as it was
    model_config = ConfigDict(strict=True, frozen=True, ser_json_inf_nan="constants")


class Header(_Line):
    """The first line of a record: what the results hold for.

    Attributes:
        kind: what was measured.
        date: when.
        versions: of Goodfit, Python and the libraries.
        digest: the state of the set when it was written: :meth:`Assignment.digest` without its thresholds. What each
            result holds for stands in its own line.
        results: how many lines follow; another number means a file that was cut off or merged.
    """

    kind: Kind
    date: datetime.date
    versions: dict[str, str]
    digest: str
    results: int


class Result(_Line):
    """One line behind the header."""

    kind: ClassVar[Kind]


class Said(_Line):
    """What a student with this answer is told of one check.

    Attributes:
        check: its name.
        outcome: "failed", "could not run", …
        rationale: what came.
        hint: where to look next.
    """

    check: str
    outcome: str
    rationale: str | None = None
    hint: str | None = None


class BankResult(Result):
    """What the graders made of one answer of the bank.

    Attributes:
        answer: its label, such as "wrong/remainder-dropped".
        fails: checks that it did not pass, sorted.
        should_fail: checks that it names, sorted.
        seconds: wall time of its notebook's grading, shared among the answers that were packed into it.
        state: by exercise that it touches, the digest that it holds for (:class:`goodfit.authoring.state.Digests`);
            empty in records of older versions, which hold for nothing today.
        said: what is told of each check that it fails or should fail; empty in records of older versions.
        log: pytest's words, where it fails a check that it should pass; not in the record.
    """

    kind = "bank"

    answer: str
    fails: list[str]
    should_fail: list[str]
    seconds: float
    state: dict[str, str] = {}
    said: list[Said] = []
    log: str = Field(default="", exclude=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def as_expected(self) -> bool:
        """Whether it fails the checks that it names and no others."""
        return self.fails == self.should_fail


class MutantResult(Result):
    """What the graders made of one mutant.

    Attributes:
        cell: grade_id of the answer cell with the mutation.
        line: number of the changed line in the solution, from 1.
        before: that line in the reference answer, stripped.
        after: the line with the mutation, stripped.
        state: "killed" where a check noticed; "grader error" where a check of ours broke on it.
        by: checks that noticed, sorted.
        digest: of its exercise, for the reference answer; empty in records of older versions.
        reason: why it survived, as ``survivors.toml`` says today; not in the record.
    """

    kind = "mutants"

    cell: str
    line: int
    before: str
    after: str
    state: State
    by: list[str] = []
    digest: str = ""
    reason: str | None = None

    @property
    def label(self) -> str:
        """Name for reports."""
        return f"{self.cell}:{self.line}: {self.before}  ->  {self.after}"


class CalibrationResult(Result):
    """All measurements of one answer against one threshold in one exercise, in the order of the seeds.

    Attributes:
        threshold: its name.
        answer: label of the answer.
        values: one for each run that met the threshold: the worst, where a run met it several times.
        exercise: grade_id of the graded cell whose checks measured; empty in records of older versions, as is what
            follows.
        runs: seeds 1 … runs were measured.
        digest: of the exercise, for this answer, without the thresholds' values.
    """

    kind = "calibration"

    threshold: str
    answer: str
    values: list[float]
    exercise: str = ""
    runs: int = 0
    digest: str = ""


R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class Record(Generic[R]):
    """A whole record."""

    header: Header
    results: list[R]


def save(assignment: Assignment, kind: type[R], results: Sequence[R]) -> None:
    """Write what was measured, with the date, the versions and the state of the set that it holds for."""
    header = Header(
        kind=kind.kind,
        date=datetime.date.today(),
        versions=versions(),
        digest=assignment.digest(thresholds=False),
        results=len(results),
    )
    path = _path(assignment, kind.kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [header.model_dump_json(), *(one.model_dump_json(exclude_defaults=True) for one in results)]
    write_whole(path, "\n".join(lines) + "\n")


def load(assignment: Assignment, kind: type[R]) -> Record[R] | None:
    """What :func:`save` wrote last, or None.

    Raises:
        AssignmentError: when the file is damaged.
    """
    path = _path(assignment, kind.kind)
    if not path.is_file():
        return None
    first, *lines = read_text(path).removesuffix("\n").split("\n")
    at = 1
    try:
        header = Header.model_validate_json(first)
        results: list[R] = []
        for line in lines:
            at += 1
            results.append(kind.model_validate_json(line))
        if (header.kind, header.results) == (kind.kind, len(results)):
            return Record(header, results)
        fault = f"line 1 promises {header.results} results of {header.kind}, and {len(results)} lines follow"
    except ValidationError as error:
        fault = f"line {at}: {error.errors(include_url=False)[0]['msg']}"
    command = kind.kind.replace("calibration", "calibrate")
    raise AssignmentError(
        f"{shown(path)} is no record of `goodfit {command}` ({fault}). Is it a merge conflict? Measure again."
    )


def comparable(header: Header) -> bool:
    """Whether a record was measured with the libraries of today; Goodfit itself may have changed."""
    return {**header.versions, "goodfit": ""} == {**versions(), "goodfit": ""}


class Journal(Generic[R]):
    """Results of a run that goes on, written as they come: one that was stopped need not begin anew.

    Args:
        folder: Goodfit's own for the set.
        kind: of the results. Those of other versions of the libraries stand in another file, and are not read.
    """

    def __init__(self, folder: Path, kind: type[R]) -> None:
        words = repr(sorted(versions().items())).encode()
        self._path = folder / f"{kind.kind}-{hashlib.sha256(words).hexdigest()[:8]}.jsonl"
        self._kind = kind

    def results(self) -> list[R]:
        """What a stopped run left; a line that was cut off is none."""
        found = []
        for line in self._path.read_text(encoding="utf-8").split("\n") if self._path.is_file() else ():
            with contextlib.suppress(ValidationError):
                found.append(self._kind.model_validate_json(line))
        return found

    def add(self, one: R) -> None:
        """Keep a result."""
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(one.model_dump_json(exclude_defaults=True) + "\n")

    def end(self) -> None:
        """The run is complete and recorded: the next one begins anew."""
        self._path.unlink(missing_ok=True)


def _path(assignment: Assignment, kind: Kind) -> Path:
    return assignment.graders_dir / "answers" / "record" / f"{kind}.jsonl"
