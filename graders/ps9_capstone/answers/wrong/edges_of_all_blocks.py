# why: The edges of the bins are those of all training rows, not of each block.
# fails: test_useful_in_every_block
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
    worst = []
    for j in range(x.shape[1]):
        v = x[rows, j]
        place = np.searchsorted(np.nanquantile(v, np.arange(1, bins) / bins), v, side="right").astype(float)
        place[np.isnan(v)] = np.nan
        filled = dict(zip(rows, place))
        scores = []
        for block in np.array_split(rows, blocks):
            p, t = np.array([filled[r] for r in block]), y[block]
            t, p = t[~np.isnan(p)], p[~np.isnan(p)]
            if len(t) == 0 or (t == t[0]).all():
                scores.append(0.0)
            else:
                scores.append(sum((p == b).sum() * (t[p == b].mean() - t.mean()) ** 2 for b in np.unique(p)) / ((t - t.mean()) ** 2).sum())
        worst.append(min(scores))
    return np.flatnonzero(np.array(worst) >= least)
