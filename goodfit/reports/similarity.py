"""Answers that are nearly the same: hints for a person to look at, and never a verdict.

An answer is a set of runs of K words and signs in a row, without comments, docstrings, and whatever the handed-out
cell has too. Names of one's own do not count, so that a copy with other names is still a copy. Two answers are
compared by the share of their runs that they have in common (Jaccard). All pairs of a class are one product of sparse
matrices: a second or two for a class of a thousand, where copydetect, which compares file by file (0.12 ms a pair,
measured), takes a minute for each exercise.
"""

from __future__ import annotations

import builtins
import keyword
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

K = 6  # words and signs in a run
LEAST_RUNS = 25  # of an answer, beyond the handed-out cell: shorter ones are alike by themselves
ALIKE = 0.8  # share of runs in common
MAX_ANSWERS = 2000  # of one exercise; more are not compared
MAX_TEXT = 20_000  # characters of an answer that are looked at

TOKEN = re.compile(r"#[^\n]*|'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|\"[^\"\n]*\"|\.?\w+|[^\w\s]", re.DOTALL)
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))
QUOTES = ("'''", '"""')
WEIGHTS = np.array([pow(1_000_003, i, 1 << 64) for i in range(K)], dtype=np.uint64)

Runs = NDArray[np.uint64]


@dataclass(frozen=True)
class Alike:
    """A group of answers to one exercise, each nearly the same as another of the group.

    Attributes:
        members: places in the list of answers, sorted.
        least: the smallest share in common of the pairs that made it a group.
    """

    members: list[int]
    least: float


@dataclass(frozen=True)
class Compared:
    """What came of comparing the answers to one exercise.

    Attributes:
        answers: how many were long enough to be compared.
        pairs: of them.
        bar: share in common from which on a pair was taken; None where nothing was compared.
        groups: the largest first.
        skipped: why nothing was compared, if so.
    """

    answers: int = 0
    pairs: int = 0
    bar: float | None = None
    groups: tuple[Alike, ...] = ()
    skipped: str = ""


@lru_cache(maxsize=8192)
def _runs(text: str) -> Runs:
    words = [_word(token) for token in TOKEN.findall(text[:MAX_TEXT]) if token[0] != "#" and token[:3] not in QUOTES]
    if len(words) < K:
        return np.empty(0, np.uint64)
    numbers = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(numbers, K)
    return np.unique((windows * WEIGHTS).sum(axis=1, dtype=np.uint64))


def _word(token: str) -> str:
    """A token as it counts: a name that stands alone is any name; an attribute, a number or a sign is itself."""
    return "name" if (token[0].isalpha() or token[0] == "_") and token not in KEPT else token


def runs(text: str, template: str = "") -> Runs:
    """The runs of an answer that the handed-out cell does not have; sorted, as numbers."""
    return np.setdiff1d(_runs(text), _runs(template), assume_unique=True)


def in_common(one: Runs, other: Runs) -> float:
    """The share of two answers' runs that both have, 0 to 1."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / max(1, len(one) + len(other) - shared)


def compare(answers: Sequence[str], template: str) -> Compared:
    """Compare all answers to one exercise with each other.

    A pair is taken where it has at least ALIKE in common, and is among the most alike of this class: as many pairs as
    there are answers, so that a class whose answers are all alike does not fill pages.

    Args:
        answers: the students' texts; empty where somebody did not answer.
        template: the handed-out cell.
    """
    found = [runs(text, template) for text in answers]
    places = [i for i, one in enumerate(found) if len(one) >= LEAST_RUNS]
    if len(places) < 2:
        return Compared(len(places), skipped="fewer than two answers are long enough")
    if len(places) > MAX_ANSWERS:
        return Compared(len(places), skipped=f"more than {MAX_ANSWERS} answers")
    lengths = np.array([len(found[i]) for i in places])
    shared = _shared([found[i] for i in places])
    share = shared / (lengths[:, None] + lengths[None, :] - shared)
    pairs = share[np.triu_indices(len(places), 1)]
    most = min(len(places), len(pairs))
    bar = max(ALIKE, float(np.partition(pairs, -most)[-most]))
    near = np.triu(share >= bar - 1e-9, 1)
    _, labels = connected_components(sparse.csr_matrix(near), directed=False)
    groups = []
    for label in np.flatnonzero(np.bincount(labels) > 1):
        inside = np.flatnonzero(labels == label)
        between = share[np.ix_(inside, inside)][near[np.ix_(inside, inside)]]
        groups.append(Alike([places[i] for i in inside], float(between.min())))
    groups.sort(key=lambda one: (-len(one.members), one.members))
    return Compared(len(places), len(pairs), bar, tuple(groups))


def _shared(found: Sequence[Runs]) -> NDArray[np.float32]:
    """How many runs each two answers have in common, shape (n, n).

    Runs that many have are multiplied as a dense matrix, the others as a sparse one: each is the quick way.
    """
    _, columns = np.unique(np.concatenate(found), return_inverse=True)
    rows = np.repeat(np.arange(len(found)), [len(one) for one in found])
    table = sparse.csc_matrix((np.ones(len(rows), np.float32), (rows, columns)))
    common = np.diff(table.indptr) > len(found) / 20
    dense, rare = table[:, common].toarray(), table[:, ~common].tocsr()
    return np.asarray(dense @ dense.T + (rare @ rare.T).toarray(), dtype=np.float32)


def false_alarms(answers: Mapping[str, Sequence[str]], templates: Mapping[str, str]) -> tuple[int, int]:
    """How many pairs of right answers that were written apart have ALIKE in common, and of how many pairs.

    Args:
        answers: right answers of the bank, by answer cell; only those that are long enough count.
        templates: the handed-out cells.
    """
    alarms = total = 0
    for cell, texts in answers.items():
        found = [one for text in texts if len(one := runs(text, templates.get(cell, ""))) >= LEAST_RUNS]
        shares = [in_common(one, other) for one, other in combinations(found, 2)]
        alarms += sum(share >= ALIKE for share in shares)
        total += len(shares)
    return alarms, total
