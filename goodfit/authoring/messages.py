"""What students are told: do the messages of failed checks say what came, and where to look next?

What was expected stands beside every message: the check's sentence. A message that shows no value (a number, or a
quoted name) says less than one that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from goodfit.authoring.measurements import BankResult, Said
from goodfit.grading.verdict import Outcome

VALUE = re.compile(r"\d|`|\bNone\b|\bTrue\b|\bFalse\b")


@dataclass(frozen=True)
class Message:
    """What a failed check says.

    Attributes:
        assignment: the problem set.
        check: name of the check.
        rationale: what came.
        hint: where to look next.
    """

    assignment: str
    check: str
    rationale: str
    hint: str

    @property
    def complete(self) -> bool:
        """Whether it says what came and where to look next."""
        return bool(self.rationale) and bool(self.hint)

    @property
    def weakness(self) -> tuple[bool, bool, int]:
        """Sorts the weakest first: what is incomplete, then what shows no value, then what is short."""
        return self.complete, bool(VALUE.search(self.rationale)), len(self.rationale) + len(self.hint)


def messages(assignment: str, bank: Iterable[BankResult]) -> list[Message]:
    """What failed checks say to a set's wrong answers, each message once; checks that could not run have none."""
    said: Iterable[Said] = (one for result in bank for one in result.said if one.outcome == Outcome.FAILED)
    found = {Message(assignment, one.check, (one.rationale or "").strip(), (one.hint or "").strip()) for one in said}
    return sorted(found, key=lambda message: (message.check, message.rationale, message.hint))


def weakest(found: Iterable[Message], n: int = 10) -> list[Message]:
    """The weakest message of each check, and of these the ``n`` weakest of all."""
    worst: dict[tuple[str, str], Message] = {}
    for message in sorted(found, key=lambda one: (one.weakness, one.rationale)):
        worst.setdefault((message.assignment, message.check), message)
    return list(worst.values())[:n]
