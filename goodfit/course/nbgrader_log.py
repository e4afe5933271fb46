"""The one sentence of nbgrader's log that says why a command of its failed."""

from __future__ import annotations

import re

PREFIX = re.compile(r"^\[(?:\w+ \| )?(?P<level>[A-Z]+)\] ")  # of its commands, and of its API
ERROR = re.compile(  # a NbGraderException only says that something went wrong before
    r"^(?!.*NbGraderException)(?:[\w.]+\.)?(?P<kind>\w*(?:Error|Exception|Exit|Interrupt|Warning|Entry)): (?P<words>.+)"
)
SAYS_NOTHING = ("There was an error processing", "Please see the", "Removing failed", "Traceback", "Stack trace")


def last_error(log: str) -> str:
    """The last error of a log: an exception's words, else the last line that nbgrader logged as an error."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    for line in reversed(lines):
        if found := ERROR.match(line):
            return f"{found['kind']}: {found['words']}"
    for line in reversed(lines):
        level = PREFIX.match(line)
        words = line[level.end() :] if level else ""
        if level and level["level"] in ("ERROR", "CRITICAL") and not words.startswith(SAYS_NOTHING):
            return words
    return lines[-1] if lines else "it gave no reason"
