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


def page(attacks: Iterable[Attack], record: Mapping[str, Mapping[str, Any]], fuzz: Mapping[str, Any]) -> str:
    """The whole page, from the corpus, from what whole runs have measured, and from what `make fuzz` recorded."""
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
    if record:
        names = list(dict.fromkeys(key for totals in record.values() for key in totals))
        parts += ["\nWhole runs (each attack in each of its places; what is open is not in the sums):\n"]
        parts += [f"| sandbox, user | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
        for where, totals in record.items():
            parts.append(f"| {where} | " + " | ".join(_short(totals.get(name, "")) for name in names) + " |")
    for family, what in FAMILIES.items():
        parts += [f"\n## {family.capitalize()}\n", f"After {what}.\n"]
        parts += ["| file | what it tries | weakness | outcome |", "| --- | --- | --- | --- |"]
        for a in [a for a in every if a.family == family]:
            where = f" (sandbox {a.open_in})" if a.open_in else ""
            outcome = f"**open**{where}: {a.open}" if a.open else "held"
            tries = a.tries.replace("|", "\\|").replace("<", "&lt;")
            parts.append(f"| `{a.name.split('/')[1]}` | {tries} | {', '.join(a.bgw)} | {outcome} |")
    if fuzz:
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


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


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
