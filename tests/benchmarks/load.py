"""A class of which one in ten is hostile, against the same class with honest ones in their place.

    .venv/bin/python tests/benchmarks/load.py [--students 300] [--hostile 30] [--seed 1] [--tier fork] [--record]

The hostile ones are drawn from the attack corpus, a like share of each family, where no attack asks for limits of its
own. Whoever is honest hands in the reference answer of the tests' set without its model, and must get the verdict and
the executed notebook of somebody who is graded alone, to the byte. Both classes are graded by two processes and
recorded, in one run; the ratio is of their seconds. A line of JSON; exit code 1 where an honest one's result is
another, a hostile one got a point or anything else, a check of ours broke, something was left, or the class took more
than 1.3 of the honest one's time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from attack_corpus import FAMILIES, Attack, corpus
from attack_record import keep
from attack_runs import Attacks

from goodfit.grading.kernels import serving
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE

MOST = 1.3  # of the honest class's time


def drawn(hostile: int, chance: random.Random) -> list[tuple[Attack, str]]:
    """So many attacks, one of each family in turn, each in one of its places."""
    user = "root" if os.geteuid() == 0 else "user"
    usable = [a for a in corpus().values() if not a.limits and not a.open and a.only in ("", user)]
    families = [[a for a in usable if a.family == family] for family in FAMILIES]
    for family in families:
        chance.shuffle(family)
    in_turn = [a for a in chain.from_iterable(zip_longest(*families)) if a is not None]
    return [(attack, chance.choice(attack.places)) for attack in in_turn[:hostile]]


def main() -> int:
    """Grade both classes and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300, help="in all (300)")
    parser.add_argument("--hostile", type=int, default=30, help="of them (30)")
    parser.add_argument("--seed", type=int, default=1, help="of the attacks drawn (1)")
    parser.add_argument("--tier", choices=["fork", "bubblewrap"], default="fork", help="the sandbox (fork)")
    parser.add_argument("--record", action="store_true", help="keep the figures, and write docs/attacks.md anew")
    options = parser.parse_args()
    chosen = drawn(options.hostile, random.Random(options.seed))
    with tempfile.TemporaryDirectory(prefix="gfl-") as folder, serving(options.tier) as (tier, server):
        if server:
            os.environ[ADDRESS_VARIABLE] = server
        classes = Attacks(Path(folder), str(tier))
        honest = classes.together([], options.students)
        print(f"{options.students} honest: {honest.seconds:.0f} s", flush=True)
        mixed = classes.together(chosen, options.students - len(chosen))
        print(f"{len(chosen)} of them hostile: {mixed.seconds:.0f} s", flush=True)
    for outcome in sorted(mixed.outcomes, key=lambda one: -one.seconds):
        print(f"  {outcome.seconds:6.1f} s  {outcome.attack.name} ({outcome.place}) {outcome.why}")
    amiss = [*honest.neighbours, *mixed.neighbours, *mixed.left]
    amiss += [f"{o.attack.name}: {o.why}" for o in mixed.outcomes if o.gained or o.revealed or o.reached or o.broke]
    print(*amiss, sep="\n")
    where = f"{options.tier}, {'root' if os.geteuid() == 0 else 'user'}"
    figures = {
        "date": datetime.now(UTC).date().isoformat(),
        "students": options.students,
        "hostile": len(chosen),
        "seed": options.seed,
        "honest, s": round(honest.seconds),
        "with hostile, s": round(mixed.seconds),
        "ratio": round(mixed.seconds / honest.seconds, 2),
        "amiss": len(amiss),
    }
    print(json.dumps({where: figures}))
    if options.record:
        keep("load", {where: figures})
    return 1 if amiss or mixed.seconds > MOST * honest.seconds else 0


if __name__ == "__main__":
    sys.exit(main())
