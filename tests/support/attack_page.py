"""docs/attacks.md: every attack of the corpus, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attack_corpus import FAMILIES, Attack

HEAD = """\
# Attacks

Each row is a file of `tests/attacks/corpus/`: wrong answers with an attack in them, graded by the real grader in a small
class, beside honest neighbours. Written by `make attacks`; what it measures is told below. The threat model is in
[SECURITY.md](../SECURITY.md).

**Held** means: no point more than the same submission without the attack; nothing hidden in the executed notebook, the
verdict, the feedback page or the terminal, not in base64, hexadecimal or backwards either; nothing got that the attack
itself could see it must not get; nothing live on the page and nothing that steers a terminal; no fault of ours; the
neighbours' verdicts and notebooks the same to the byte; hidden files, other submissions and scores as before; no process
and no file left behind.
"""


def page(attacks: Iterable[Attack], record: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole page, from the corpus and from what was recorded of whole runs, kills, a large class and fuzzing."""
    every = list(attacks)
    parts = [
        HEAD,
        "## Numbers\n",
        "| family | after what | attacks | held | open |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for family, what in [*FAMILIES.items(), ("**all**", "")]:
        here = [a for a in every if a.family == family or not what]
        still = sum(bool(a.open) for a in here)
        parts.append(f"| {family} | {what} | {len(here)} | {len(here) - still} | {still} |")
    if whole := record.get("corpus"):
        parts += ["\nWhole runs (each attack in each of its places; what is open is not in the sums):\n"]
        parts += _table("sandbox, user", whole)
    for family, what in FAMILIES.items():
        parts += [f"\n## {family.capitalize()}\n", f"After {what}.\n"]
        parts += ["| file | what it tries | weakness | outcome |", "| --- | --- | --- | --- |"]
        for a in [a for a in every if a.family == family]:
            where = f" (sandbox {a.open_in})" if a.open_in else ""
            outcome = f"**open**{where}: {a.open}" if a.open else "held"
            tries = a.tries.replace("|", "\\|").replace("<", "&lt;")
            parts.append(f"| `{a.name.split('/')[1]}` | {tries} | {', '.join(a.bgw)} | {outcome} |")
    if load := record.get("load"):
        parts += ["\n## A large class\n", LARGE, *_table("sandbox, user", load)]
    if kills := record.get("kills"):
        parts += ["\n## Processes that are killed\n", KILLED.format(**kills)]
        parts += ["| what was killed | how often |", "| --- | ---: |"]
        parts += [f"| {role} | {number} |" for role, number in kills["killed"].items()]
    if fuzz := record.get("fuzz"):
        parts += ["\n## Inputs that nobody thought of\n", FUZZED.format(**fuzz)]
        parts += ["| what reads | inputs | seconds | MB | amiss |", "| --- | ---: | ---: | ---: | --- |"]
        for name, one in fuzz["targets"].items():
            amiss = "an error, see the record" if one["amiss"] else "nothing"
            parts.append(f"| {name} | {one['inputs']:,} | {one['seconds']} | {one['MB']} | {amiss} |")
    parts += ["\n## Weaknesses of graders that have numbers\n", NUMBERED]
    parts += ["| number | weakness | here |", "| --- | --- | --- |"]
    for number, (name, elsewhere) in WEAKNESSES.items():
        files = [f"`{a.name}`" for a in every if number in a.bgw]
        shown = ", ".join(files[:4]) + (f" and {len(files) - 4} more" if len(files) > 4 else "")
        parts.append(f"| {number} | {name} | {'; '.join(filter(None, [elsewhere, shown]))} |")
    return "\n".join(parts) + "\n"


def _table(first: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Rows of one table, by the text of their first column."""
    names = list(dict.fromkeys(key for row in rows.values() for key in row))
    head = [f"| {first} | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    return head + [f"| {name} | {' | '.join(_short(row.get(n, '')) for n in names)} |" for name, row in rows.items()]


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


LARGE = """\
`tests/benchmarks/load.py --record`: a class of which some are hostile, each with an attack of the corpus, against the same
class with honest ones in their place, graded by two processes right after each other. *Amiss*: how often an honest verdict
or notebook was another than alone, a hostile one got a point or anything else, a check of ours broke, or something was
left behind.
"""
KILLED = """\
`make kills ARGS="--kills 500 --record"`, {date}, {machine}, seed {seed}, {minutes} minutes: one process of a run was killed
(SIGKILL) at a random moment, and where that was felt, the command was run once more. Rows of the gradebook that were
lost, doubled or changed then, and processes that ran on: {amiss}.
"""
FUZZED = """\
`make fuzz ARGS="--inputs 1000000 --record"`, {date}, {machine}, seed {seed}: {inputs:,} inputs, made out of right ones by
Atheris (libFuzzer), guided by the lines that they reach, and by changes of the JSON in them. Each ends in a value that
keeps its promises or in the error that is meant for it, within ten seconds and 2 GiB. The readers are in
`tests/support/fuzz_targets.py`.
"""
NUMBERED = """\
The numbers are those of the open list of the Bohrin project (2026). Some concern the quality of checks: these are tested
by answer banks, mutants and calibrations, of which [graders.md](graders.md) gives the figures.
"""
WEAKNESSES = {
    "BGW-101": ("trivial implementation", ""),
    "BGW-102": ("exit before the checks", ""),
    "BGW-103": ("equality spoofing", ""),
    "BGW-104": ("hard-coded outputs", ""),
    "BGW-105": ("state recorded across calls", ""),
    "BGW-106": ("dead code for a static check", ""),
    "BGW-107": ("the letter, not the intent", ""),
    "BGW-108": ("hook of a test framework", ""),
    "BGW-109": ("tests edited, deleted or skipped", ""),
    "BGW-110": ("hijacked tool", ""),
    "BGW-111": ("direct write to the result", ""),
    "BGW-112": ("parser of results replaced", ""),
    "BGW-113": ("measurement tampered with", ""),
    "BGW-114": ("shared state changed", ""),
    "BGW-115": (
        "solution in the task's text",
        "`goodfit release` searches every release for solutions and hidden tests",
    ),
    "BGW-116": ("reference or checks readable", ""),
    "BGW-117": ("future state of the repository", ""),
    "BGW-118": ("solution fetched from the network", ""),
    "BGW-119": ("checks too weak", "answer banks and mutants"),
    "BGW-120": ("checks too narrow", "right answers of the banks, written in other ways"),
    "BGW-121": ("text contradicts the checks", "right answers of the banks; not proved beyond them"),
    "BGW-122": (
        "part of the points for a wrong approach",
        "each wrong answer of the banks names the checks that it must fail",
    ),
    "BGW-123": ("comparison too lenient", ""),
    "BGW-124": (
        "reference wrong",
        "the reference and other right answers are graded by checks that compute another way",
    ),
    "BGW-125": ("evaluation that does not evaluate", ""),
    "BGW-126": ("failure scored as success", ""),
    "BGW-127": ("nondeterministic grader", ""),
    "BGW-128": ("sums that go wrong", ""),
    "BGW-129": ("grader executes what was handed in", ""),
    "BGW-130": ("answer and grader share a process", ""),
    "BGW-131": ("places of the grader writable", ""),
    "BGW-132": ("rights or network too wide", ""),
    "BGW-133": ("evaluation too small or noisy", "calibrations: error rates of each threshold"),
    "BGW-134": ("tolerance too loose", ""),
    "BGW-135": ("incomplete proofs accepted", "does not apply: nothing is proved here"),
    "BGW-136": ("equal on one database only", "does not apply: no queries are compared"),
    "BGW-137": ("code that runs unchecked", ""),
    "BGW-138": ("a stand-in is checked", ""),
}
