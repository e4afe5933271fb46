"""Grade the attack corpus and print what came of each attack: `make attacks`.

    python tests/support/attack_command.py [FAMILY or FAMILY/NAME ...] [--place PLACE] [--tier TIER] [--user] [--together N]
                                           [--saved FILE]

Exit code 0 where all came out as the corpus says: held, or open with a reason. A run over the whole corpus is recorded
in tests/attacks/record.json, and docs/attacks.md is written anew. With --saved, a run that was stopped, or in which
something was not held, goes on where it was: what was held by the same code is not graded again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from attack_corpus import FAMILIES, PLACES, Attack, corpus
from attack_record import ENGINE, keep, write_page
from attack_runs import Attacks, Outcome
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from goodfit.grading.kernels import serving
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "support"
AS_USER = HERE / "as_user.py"
JUDGE = (HERE / "attack_runs.py").read_text(encoding="utf-8")


def main(words: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", help="families or attacks; all where none is named")
    parser.add_argument("--place", choices=PLACES, action="append", help="only where they stand in this place")
    parser.add_argument("--tier", choices=["fork", "bubblewrap"], default="fork", help="the sandbox (fork)")
    parser.add_argument("--user", action="store_true", help="as an ordinary user; needs root, to become one")
    parser.add_argument("--together", type=int, default=8, help="attacks in a class (8)")
    parser.add_argument("--saved", type=Path, help="keeps what is held, attack by attack, for the next call")
    parser.add_argument("--write-page", action="store_true", help="only write docs/attacks.md from corpus and record")
    parser.add_argument("--totals", type=Path, help=argparse.SUPPRESS)  # where an ordinary user leaves them for root
    options = parser.parse_args(words)
    if options.write_page:
        write_page()
        return 0
    if options.user and os.geteuid() == 0:
        if options.saved:
            options.saved.touch()
            options.saved.chmod(0o666)
        return _as_user([word for word in (sys.argv[1:] if words is None else words) if word != "--user"])
    user = "root" if os.geteuid() == 0 else "user"
    chosen = [a for a in corpus().values() if a.only in ("", user) and _wanted(a, options.which)]
    console = Console(width=None if sys.stdout.isatty() else 160)
    if not chosen:
        console.print("There is no such attack. Families: " + ", ".join(FAMILIES))
        return 2
    held = saved(options.saved, f"{options.tier}, {user}")
    outcomes = [o for attack in chosen for place in options.place or PLACES if (o := held.get((attack.name, place)))]
    with tempfile.TemporaryDirectory(prefix="gfa-") as folder, serving(options.tier) as (tier, server):
        if server:
            os.environ[ADDRESS_VARIABLE] = server
        attacks = Attacks(Path(folder), str(tier))
        for group in classes(chosen, options.place or PLACES, options.together, held):
            for outcome in attacks.run(group):
                outcomes.append(outcome)
                if options.saved and outcome.held and outcome.as_expected:
                    save(options.saved, f"{options.tier}, {user}", outcome)
                console.print(
                    f"{outcome.attack.name} ({outcome.place}): {outcome.why or 'held'}", markup=False, soft_wrap=True
                )
    console.print(table(outcomes))
    wrong = [o for o in outcomes if not o.as_expected]
    for outcome in wrong:
        what = (
            f"it is not held: {outcome.why}"
            if outcome.why
            else f"it is held, and the corpus says {outcome.attack.open}"
        )
        console.print(f"{outcome.attack.name} ({outcome.place}): {what}", markup=False, soft_wrap=True)
    if not options.which and not options.place and not wrong:
        found = {f"{options.tier}, {user}": totals(outcomes)}
        if options.totals:
            options.totals.write_text(json.dumps(found), encoding="utf-8")
        else:
            keep("corpus", found)
    return bool(wrong)


def _as_user(words: Sequence[str]) -> int:
    """Run the command again as an ordinary user, who cannot write here, and keep what it measured."""
    with tempfile.NamedTemporaryFile() as file:
        os.chmod(file.name, 0o666)
        again = [sys.executable, str(AS_USER), sys.executable, __file__, *words, "--totals", file.name]
        code = subprocess.run(again).returncode
        if found := Path(file.name).read_text(encoding="utf-8"):
            keep("corpus", json.loads(found))
    return code


def _wanted(attack: Attack, words: Sequence[str]) -> bool:
    return not words or attack.family in words or attack.name in words


def saved(file: Path | None, walls: str) -> dict[tuple[str, str], Outcome]:
    """What was held before, of the same attacks by the same code, by name and place.

    Args:
        file: where runs have saved it; None: nothing is known.
        walls: the sandbox and the user.
    """
    if file is None or not file.exists():
        return {}
    known = corpus()
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {
        (one["attack"], one["place"]): Outcome(known[one["attack"]], one["place"], seconds=one["seconds"])
        for one in lines
        if one["walls"] == walls and one["attack"] in known and one["digest"] == _digest(known[one["attack"]])
    }


def save(file: Path, walls: str, outcome: Outcome) -> None:
    """Save that an attack was held."""
    line = {
        "walls": walls,
        "attack": outcome.attack.name,
        "place": outcome.place,
        "seconds": round(outcome.seconds, 1),
        "digest": _digest(outcome.attack),
    }
    with open(file, "a", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")


def _digest(attack: Attack) -> str:
    """Of the attack, of the engine, and of what judges it."""
    return hashlib.sha256(f"{attack!r} {ENGINE} {JUDGE}".encode()).hexdigest()[:12]


def classes(
    attacks: Iterable[Attack], places: Iterable[str], together: int, without: Container[tuple[str, str]] = ()
) -> Iterator[list[tuple[Attack, str]]]:
    """Attacks that are graded in one class, each with the place in which it stands."""
    every = [
        (attack, place)
        for place in places
        for attack in attacks
        if place in attack.places and (attack.name, place) not in without
    ]
    yield from ([one] for one in every if one[0].alone)
    rest = [one for one in every if not one[0].alone]
    for i in range(0, len(rest), together):
        names = [attack.name for attack, _ in rest[i : i + together]]
        if len(set(names)) == len(names):
            yield rest[i : i + together]
        else:  # one attack in two places: students have one name each
            yield from ([one] for one in rest[i : i + together])


def table(outcomes: Sequence[Outcome]) -> Table:
    """What came of each attack."""
    counts = Counter("held" if o.held else "open" if o.attack.open else "NOT HELD" for o in outcomes)
    caption = ", ".join(f"{n} {word}" for word, n in sorted(counts.items()))
    shown = Table(
        "attack", "place", "gained", "revealed", "reached", "neighbours", "left", "seconds", "outcome", caption=caption
    )
    for o in outcomes:
        counted = (o.revealed, o.reached, o.neighbours, o.left)
        end = ("held" if o.held else o.why) if not o.attack.open else f"open: {o.why or 'it is held now'}"
        shown.add_row(
            o.attack.name, o.place, f"{o.gained:g}", *(str(len(found)) for found in counted), f"{o.seconds:.1f}",
            escape("".join(c if c.isprintable() else "?" for c in end)[:120]),
        )  # fmt: skip
    return shown


def totals(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """What a run over the whole corpus has measured; what is open is counted apart."""
    held = [o for o in outcomes if not o.attack.open]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "Linux": platform.release().split("-")[0],
        "attacks": len({o.attack.name for o in outcomes}),
        "gradings": len(outcomes),
        "points gained": sum(o.gained for o in held),
        "revealed": sum(len(o.revealed) for o in held),
        "neighbours changed": sum(len(o.neighbours) for o in held),
        "left behind": sum(len(o.left) for o in held),
        "open": len({o.attack.name for o in outcomes if o.attack.open}),
    }


if __name__ == "__main__":
    sys.exit(main())
