"""The attack corpus (one file an attack), graded as a class is; and the search for canaries, which can fail."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import attack_command
import pytest
from attack_command import classes, save, saved
from attack_corpus import FAMILIES, PLACES, Attack, BadAttack, corpus, parse
from attack_page import WEAKNESSES, page
from attack_record import PAGE, page_now
from attack_runs import Attacks, Outcome
from canaries import Canary, number, plant, revealed
from tiny_sets import copy_course

from goodfit.grading.pool import Graders
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE

QUICK = [attack for attack in corpus().values() if attack.quick]
USER = "root" if os.geteuid() == 0 else "user"


def attacks_of(family: str, place: str) -> list[Attack]:
    """A family's attacks that stand in a place and make sense as this user."""
    return [a for a in corpus().values() if a.family == family and place in a.places and a.only in ("", USER)]


@pytest.fixture(scope="module")
def attacks(graders: Graders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacks]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ADDRESS_VARIABLE, graders.server or "")
        yield Attacks(tmp_path_factory.mktemp("attacked"))


def bad(outcomes: list[Outcome]) -> list[str]:
    """What did not come out as the corpus says, one sentence each."""
    return [f"{o.attack.name} ({o.place}): {o.surprise}" for o in outcomes if o.surprise]


def test_a_sample_is_held(attacks: Attacks) -> None:
    """A dozen attacks of all families in one class, with honest neighbours."""
    assert bad(attacks.run([(a, "answer" if "answer" in a.places else a.places[0]) for a in QUICK], neighbours=2)) == []


@pytest.mark.all
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("family", "place"), [(f, p) for f in FAMILIES for p in PLACES if attacks_of(f, p)])
def test_every_attack_is_held(attacks: Attacks, family: str, place: str) -> None:
    """Each in each of its places; those that are known to be open are still so."""
    groups = classes(attacks_of(family, place), [place], together=8)
    outcomes = [outcome for group in groups for outcome in attacks.run(group)]
    assert bad(outcomes) == []


def test_a_run_goes_on_with_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was held is not graded again behind the same walls, unless the attack has changed since."""
    file, walls = tmp_path / "saved.jsonl", "fork, root"
    first, second, *_ = corpus().values()
    for attack in (first, second):
        save(file, walls, Outcome(attack, "last", seconds=2.0))
    held = saved(file, walls)
    assert set(held) == {(first.name, "last"), (second.name, "last")}
    assert saved(file, "bubblewrap, root") == saved(None, walls) == {}
    ((attack, place),) = next(classes([first, second], ["last"], together=8, without={(first.name, "last"): None}))
    assert (attack, place) == (second, "last")
    changed = {**corpus(), first.name: replace(first, code="another")}
    monkeypatch.setattr(attack_command, "corpus", lambda: changed)
    assert set(saved(file, walls)) == {(second.name, "last")}


def test_what_leaks_is_found(graders: Graders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graders that tell a student a hidden row, and one that prints a threshold in base64: both are seen."""
    monkeypatch.setenv(ADDRESS_VARIABLE, graders.server or "")
    telling = (
        'what="add(20, 22)"',
        'what=repr(np.load(__file__.replace("test_tiny.py", "data/points.npz"))["x"][0])'
        ' + __import__("base64").b64encode(open(__file__.replace("test_tiny.py", "thresholds.toml"), "rb").read()).decode()',
    )
    leaky = Attacks(tmp_path, leak=telling)
    (outcome,) = leaky.run([(corpus()["forging/empty_answers"], "answer")])
    assert outcome.revealed == ["a threshold", "a hidden row"]
    assert not outcome.as_expected


def written() -> dict[str, bytes]:
    """Ways to write a hidden text, numbers and labels."""
    text, value = b"a hidden text of some length", number("a test", below=1.0)
    labels = [0, 1, 1, 0] * 12
    return {
        "as it is": b"x" + text + b"y",
        "backwards": b"x" + text[::-1],
        **{f"base64 behind {n}": base64.b64encode(b"<" * n + text + b">") for n in range(4)},
        "base64 in lines": base64.encodebytes(b"abcdefg" * 20 + text + b"x" * 50),
        "base64 for addresses": base64.urlsafe_b64encode(text),
        "hexadecimal": text.hex().encode(),
        "in quotes, letter by letter": repr([chr(c) for c in text]).encode(),
        "a number": repr(value).encode(),
        "a rounded number": f"{value:.6f}".encode(),
        "a number without its point": str(int(value * 1e6)).encode(),
        "labels in a list": repr(labels).encode(),
        "labels as arrays print them": " ".join(map(str, labels)).encode(),
        "labels backwards": repr(labels[::-1]).encode(),
    }


@pytest.mark.parametrize("form", written())
def test_the_search_knows_many_ways_to_write(form: str) -> None:
    text, value = b"a hidden text of some length", number("a test", below=1.0)
    digits = f"{value:.7f}"[:8].encode()
    canaries = [Canary("it", (text, digits, digits.replace(b".", b"")), bytes([48, 49, 49, 48] * 12))]
    assert revealed(canaries, b"before", written()[form], b"after") == ["it"]
    assert revealed(canaries, b"", b"what is public: 0.5, 1.0, 0, 1, 1, 0", text[:14]) == []


def test_everything_hidden_is_marked(tmp_path: Path) -> None:
    """What is planted in a course is found in its own files, and in nothing that a student is given."""
    course = tmp_path / "course"
    copy_course(course, models=True)
    given = [path.read_bytes() for path in (course / "source" / "tiny" / "data").iterdir()]
    canaries = plant(course, "tiny")
    hidden = [
        p.read_bytes() for n in ("graders", "source", "submitted") for p in (course / n).rglob("*") if p.is_file()
    ]
    names = [str(p).encode() for p in (course / "submitted").rglob("*")]
    assert set(revealed(canaries, *hidden, *names)) == {canary.what for canary in canaries}
    assert revealed(canaries, *given) == []


def test_the_corpus_is_large_and_told() -> None:
    """Each family has its files; docs/attacks.md tells of all of them and of every numbered weakness."""
    found = corpus()
    assert len(found) >= 150
    assert {attack.family for attack in found.values()} == set(FAMILIES)
    numbers = {number for attack in found.values() for number in attack.bgw}
    assert numbers <= set(WEAKNESSES)
    assert [n for n, (_, elsewhere) in WEAKNESSES.items() if not elsewhere and n not in numbers] == []
    assert PAGE.read_text(encoding="utf-8") == page_now(), "run python tests/support/attack_command.py --write-page"


def test_what_was_measured_stands_on_the_page() -> None:
    """Whole runs, a large class, kills and fuzzing: each of them once it is recorded."""
    assert "SIGKILL" not in page([], {})
    shown = page(
        [],
        {
            "corpus": {"fork, root": {"attacks": 3, "points gained": 0.0}},
            "load": {"fork, root": {"students": 300, "ratio": 1.21}, "bubblewrap, root": {"students": 300}},
            "kills": {"date": "today", "machine": "Linux", "seed": 1, "minutes": 9, "amiss": 0, "killed": {"grader": 7}},
            "fuzz": {
                "date": "today", "machine": "Linux", "seed": 1, "inputs": 2000,
                "targets": {"wire": {"inputs": 2000, "seconds": 3, "MB": 90, "amiss": ""}},
            },
        },
    )  # fmt: skip
    rows = ("| fork, root | 3 | 0 |", "| fork, root | 300 | 1.21 |", "| bubblewrap, root | 300 |  |", "| grader | 7 |")
    assert all(row in shown for row in (*rows, "| wire | 2,000 | 3 | 90 | nothing |"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "a docstring"),
        ('"""Tries."""\n# place: first\n', "no setting"),
        ('"""Tries."""\n# places: nowhere\n', "no place nowhere"),
        ('"""Tries."""\n# expected: maybe\n', "`held` or `open: reason`"),
        ('"""Tries."""\n(\n', "never closed"),
    ],
)
def test_a_file_that_is_no_attack_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.py").write_text(text)
    with pytest.raises(BadAttack, match=said):
        parse(tmp_path / "x.py")


def test_an_open_attack_must_succeed() -> None:
    """What the corpus calls open and what is held do not go together, and the other way round."""
    held, still = (Attack("forging/x", "", "", open=why) for why in ("", "a hole"))
    assert [Outcome(held, "first").as_expected, Outcome(held, "first", gained=1.0).as_expected] == [True, False]
    assert [Outcome(still, "first").as_expected, Outcome(still, "first", reached=["it"]).as_expected] == [False, True]
    assert not Outcome(held, "first", fizzled=["NameError: nothing is tried"]).as_expected
