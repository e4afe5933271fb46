"""What several checks of ps2_data_splitting share: readers of row numbers, and models lent to the student's kernel.

The models travel as source, so each builder is self-contained. They are scikit-learn estimators, so that an answer may
clone them or hand them to ``cross_val_score``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit import check


def row_numbers(value: Any, n_rows: int, what: str) -> np.ndarray:
    """Return a 1-d int64 array of row numbers from 0 to n_rows - 1, else fail the check."""
    rows = check.array(value, what, shape=(None,), dtype="integer", hint="Return row numbers, not the rows themselves.")
    inside = bool(((rows >= 0) & (rows < n_rows)).all())
    check.that(inside, f"{what} holds numbers that are no rows of the data: rows are numbered from 0 to n - 1.")
    return rows.astype(np.int64)


def named_parts(value: Any, n_rows: int, names: tuple[str, ...], what: str) -> list[np.ndarray]:
    """Return the parts of a split as arrays of row numbers, in the order of their names."""
    hint = f"Return ({', '.join(names)}), in this order."
    parts = check.sequence(value, what, length=len(names), hint=hint)
    return [row_numbers(part, n_rows, f"the part `{name}`") for part, name in zip(parts, names, strict=True)]


def every_row_once(parts: list[np.ndarray], wanted: np.ndarray, what: str, hint: str) -> None:
    """Fail unless the parts together hold each wanted row exactly once, and no other."""
    found, times = np.unique(np.concatenate(parts), return_counts=True)
    lost, strange = np.setdiff1d(wanted, found), np.setdiff1d(found, wanted)
    twice = int((times > 1).sum())
    check.that(lost.size == 0, f"Of {len(wanted)} rows, {lost.size} appear in no {what}.", hint)
    check.that(strange.size == 0, f"{strange.size} of the row numbers are none of the rows that were given.", hint)
    check.that(twice == 0, f"Of {len(wanted)} rows, {twice} appear in more than one {what}, or twice in one.", hint)


def adjacent_pairs_together(side: np.ndarray) -> float:
    """Share of neighbours that are on the same side: near 1 where whole stretches were taken, not single rows."""
    return float(np.mean(side[1:] == side[:-1]))


def nearest_neighbour():  # no annotation: it would have to be imported where the source is run
    """A model that answers with the label of the nearest training row, in exact integer arithmetic."""
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Nearest(ClassifierMixin, BaseEstimator):
        def fit(self, x, y):
            self.x_, self.y_ = np.asarray(x).astype(np.int64), np.asarray(y)
            self.classes_ = np.unique(self.y_)
            return self

        def predict(self, x):
            x = np.asarray(x).astype(np.int64)
            distance = (self.x_**2).sum(axis=1) - 2 * x @ self.x_.T
            return self.y_[np.argmin(distance, axis=1)]

    return Nearest()


def counts_its_fits():  # no annotation: it would have to be imported where the source is run
    """A model that remembers: it answers every row with the number of times that it was fitted in its life."""
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin

    class CountsItsFits(ClassifierMixin, BaseEstimator):
        def fit(self, x, y):
            self.fits_ = getattr(self, "fits_", 0) + 1
            self.classes_ = np.unique(y)
            return self

        def predict(self, x):
            return np.full(len(x), self.fits_)

    return CountsItsFits()


def reads_first_column():  # no annotation: it would have to be imported where the source is run
    """A model that learns nothing: it answers with the first column, rounded."""
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin

    class ReadsFirstColumn(ClassifierMixin, BaseEstimator):
        def fit(self, x, y):
            self.classes_ = np.unique(y)
            return self

        def predict(self, x):
            return np.rint(np.asarray(x)[:, 0]).astype(int)

    return ReadsFirstColumn()


def only_the_first():  # no annotation: it would have to be imported where the source is run
    """A model that answers with the commonest training label on the same side of zero of the first column.

    Only the first that is built is any good; all later ones answer -1.
    """
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin

    class SideOfZero(ClassifierMixin, BaseEstimator):
        def __init__(self, good=True):
            self.good = good

        def fit(self, x, y):
            x, y = np.asarray(x), np.asarray(y)
            self.classes_, self.answers_ = np.unique(y), []
            for side in (False, True):
                names, times = np.unique(y[(x[:, 0] > 0) == side], return_counts=True)
                self.answers_.append(int(names[np.argmax(times)]) if len(names) else -1)
            return self

        def predict(self, x):
            return (
                np.where(np.asarray(x)[:, 0] > 0, self.answers_[1], self.answers_[0])
                if self.good
                else np.full(len(x), -1)
            )

    global built  # in the namespace of this source alone
    built = globals().get("built", 0) + 1
    return SideOfZero(good=built == 1)
