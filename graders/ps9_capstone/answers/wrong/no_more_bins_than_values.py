# why: The number of bins is cut to the number of different values.
# fails: test_scores_what_bins_explain
# %% columns-answer
def column_score(values, y, bins=5):
    """The share of the label's variation that the quantile bins of one column explain.

    Args:
        values: array of shape (n,), NaN where missing.
        y: labels 0 and 1, shape (n,).
        bins: number of bins.

    Returns:
        a float from 0 to 1.
    """
    known = ~np.isnan(values)
    values, y = values[known], np.asarray(y)[known]
    if len(y) == 0 or (y == y[0]).all():
        return 0.0
    bins = min(bins, len(np.unique(values)))
    edges = np.quantile(values, np.arange(1, bins) / bins)
    place = np.searchsorted(edges, values, side="right")
    explained = sum((place == b).sum() * (y[place == b].mean() - y.mean()) ** 2 for b in np.unique(place))
    return float(explained / ((y - y.mean()) ** 2).sum())



def stable_columns(x, y, day, train, blocks=3, least=0.03, bins=5):
    """The numbers, ascending, of the columns that are useful in every block of the training time.

    Args:
        x: array of shape (n, d), all rows.
        y: labels 0 and 1, shape (n,).
        day: array of shape (n,).
        train: row numbers of the training rows; only these are looked at.
        blocks: number of blocks in time.
        least: the least score in every block.
        bins: passed on to column_score.

    Returns:
        1-d integer array.
    """
    rows = np.sort(train)
    rows = rows[np.argsort(day[rows], kind="stable")]
    worst = [
        min(column_score(x[block, j], y[block], bins) for block in np.array_split(rows, blocks)) for j in range(x.shape[1])
    ]
    return np.flatnonzero(np.array(worst) >= least)
