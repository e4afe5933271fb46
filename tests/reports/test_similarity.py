"""Answers that are nearly the same are found, and right answers that were written apart are not."""

from __future__ import annotations

import re

import numpy as np

from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.reports import bank_evidence, similarity

TEMPLATE = "def split(rows, seed):\n    '''Split the rows.'''\n    raise NotImplementedError()\n"


def answer(seed: int, lines: int = 14) -> str:
    """Code that nobody else has: other operators, numbers and calls for each seed."""
    rng = np.random.default_rng(seed)
    body = [
        f"    v{i} = {rng.choice(['sum', 'max', 'min', 'len', 'sorted'])}(rows[{rng.integers(99)}:]) "
        f"{rng.choice(list('+-*/%'))} {rng.integers(999)}"
        for i in range(lines)
    ]
    return "def split(rows, seed):\n    '''Split the rows.'''\n" + "\n".join(body) + "\n    return v0, v1\n"


def test_a_copy_with_other_names_and_comments_is_found() -> None:
    texts = [answer(seed) for seed in range(12)]
    copied = (
        re.sub(r"\bv(\d+)", r"my_value_\1", texts[3]).replace("\n", "  # mine\n").replace("return", "\n\n    return")
    )
    found = similarity.compare([*texts, copied], TEMPLATE)
    (group,) = found.groups
    assert group.members == [3, 12]
    assert group.least == 1
    assert (found.answers, found.pairs) == (13, 78)


def test_a_copy_with_a_changed_line_is_found_and_half_a_copy_is_not() -> None:
    texts = [answer(seed) for seed in range(12)]
    lines = texts[5].splitlines()
    near = "\n".join([*lines[:4], "    extra = any(rows)", *lines[5:]])
    half = "\n".join([*answer(77, 7).splitlines()[:-1], *lines[9:]])
    (group,) = similarity.compare([*texts, near, half], TEMPLATE).groups
    assert group.members == [5, 12]


def test_two_pairs_of_a_small_class_are_both_found() -> None:
    """Also where one pair is more alike than the other."""
    texts = [answer(seed) for seed in range(4)]
    copies = [texts[0], texts[1].replace("return v0, v1", "return [v1, v0]")]
    assert [group.members for group in similarity.compare([*texts, *copies], "").groups] == [[0, 4], [1, 5]]


def test_a_class_whose_answers_are_all_alike_does_not_fill_pages() -> None:
    common = answer(1, 60).splitlines()
    texts = ["\n".join([*common[:i], f"    own = {i}", *common[i:]]) for i in range(3, 43)]
    found = similarity.compare(texts, "")
    assert found.bar is not None
    assert found.bar > similarity.ALIKE
    assert sum(len(group.members) for group in found.groups) <= len(texts)


def test_the_handed_out_cell_does_not_count() -> None:
    long = TEMPLATE + "\n".join(f"    # {i}\n    assert rows[{i}] != seed, 'given'" for i in range(40))
    texts = [long.replace("raise NotImplementedError()", f"return rows[{i}:]") for i in range(9)]
    assert similarity.compare(texts, long).answers == 0
    assert "too" not in similarity.compare(texts, long).skipped
    assert similarity.compare(texts, "").answers == 9


def test_short_and_missing_answers_are_not_compared() -> None:
    assert similarity.compare(["", "return 1", answer(1)], TEMPLATE).skipped == "fewer than two answers are long enough"
    assert similarity.compare([], TEMPLATE).groups == ()


def test_common_and_rare_runs_count_alike() -> None:
    """The two ways of multiplying give what comparing two by two gives."""
    common = answer(100, 8)
    texts = [common + answer(seed, 5) for seed in range(30)] + [answer(seed, 9) for seed in range(200, 215)]
    found = [similarity.runs(text) for text in texts]
    shared = similarity._shared(found)
    for i, j in ((0, 1), (0, 30), (31, 40), (7, 7)):
        assert shared[i, j] == len(np.intersect1d(found[i], found[j]))


def test_text_of_any_kind_is_compared() -> None:
    odd = ["'''" * 9000, "\ud800" * 500, "\0" * 500, "(" * 50_000, "#" * 50_000, "x " * 30_000, "λ = 한국어\n" * 300]
    similarity.compare([*odd, *odd], TEMPLATE)


def test_false_alarms_are_counted() -> None:
    right = {"a": [answer(1), answer(2), answer(1)], "b": [answer(4), "short"]}
    assert similarity.false_alarms(right, {}) == (1, 3)


def test_right_answers_of_this_course_are_no_copies(repository: object) -> None:
    """The rate that each report states, over all sets: written apart, none of some 300 pairs is taken for a copy."""
    alarms = total = 0
    for assignment in Assignment.every(repository / "source", repository / "graders"):  # type: ignore[operator]
        templates = {grade_id(c): c.source for c in assignment.instructor.cells if grade_id(c) in assignment.solutions}
        found = similarity.false_alarms(bank_evidence.right_answers(assignment), templates)
        alarms, total = alarms + found[0], total + found[1]
    assert total > 250
    assert alarms / total <= 0.01
