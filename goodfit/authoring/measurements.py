"""What was measured of a set's graders, saved beside its answers: ``graders/<assignment>/answers/record/*.jsonl``.

The grader report is written from these files, so that everybody can see what it says without measuring for hours.
Each is JSON Lines: a header, then one result a line, so that a diff shows which results have changed.
"""

from __future__ import annotations

import datetime
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
        digest: the state of the set: :meth:`Assignment.digest` without its thresholds.
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


class BankResult(Result):
    """What the graders made of one answer of the bank.

    Attributes:
        answer: its label, such as "wrong/remainder-dropped".
        fails: checks that it did not pass, sorted.
        should_fail: checks that it names, sorted.
        seconds: wall time of its notebook's grading, shared among the answers that were packed into it.
        remarks: for every check that it fails or should fail, outcome and rationale; not in the record.
        log: pytest's words, where it fails a check that it should pass; not in the record.
    """

    kind = "bank"

    answer: str
    fails: list[str]
    should_fail: list[str]
    seconds: float
    remarks: list[str] = Field(default=[], exclude=True)
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
        reason: why it survived, as ``survivors.toml`` says today; not in the record.
    """

    kind = "mutants"

    cell: str
    line: int
    before: str
    after: str
    state: State
    by: list[str] = []
    reason: str | None = None

    @property
    def label(self) -> str:
        """Name for reports."""
        return f"{self.cell}:{self.line}: {self.before}  ->  {self.after}"


class CalibrationResult(Result):
    """All measurements of one answer against one threshold, in the order of the seeds."""

    kind = "calibration"

    threshold: str
    answer: str
    values: list[float]


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


def outdated(assignment: Assignment) -> list[Kind]:
    """The records that hold for an earlier state of the set: its notebook, data or graders have changed since."""
    records = [load(assignment, kind) for kind in (BankResult, MutantResult, CalibrationResult)]
    today = assignment.digest(thresholds=False)
    return [record.header.kind for record in records if record and record.header.digest != today]


def _path(assignment: Assignment, kind: Kind) -> Path:
    return assignment.graders_dir / "answers" / "record" / f"{kind}.jsonl"
