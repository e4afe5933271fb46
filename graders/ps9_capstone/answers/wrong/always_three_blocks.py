# why: The number of blocks is 3, whatever is asked for.
# fails: test_useful_in_every_block
# %% columns-answer
def column_score(values, y, bins=5):
    known = ~np.isnan(values)
    values, y = values[known], np.asarray(y)[known]
    if len(y) == 0 or (y == y[0]).all():
        return 0.0
    edges = np.quantile(values, np.arange(1, bins) / bins)
    place = np.searchsorted(edges, values, side="right")
    explained = sum((place == b).sum() * (y[place == b].mean() - y.mean()) ** 2 for b in np.unique(place))
    return float(explained / ((y - y.mean()) ** 2).sum())


def stable_columns(x, y, day, train, blocks=3, least=0.03, bins=5):
    rows = np.sort(train)
    rows = rows[np.argsort(day[rows], kind="stable")]
    worst = [
        min(column_score(x[block, j], y[block], bins) for block in np.array_split(rows, 3)) for j in range(x.shape[1])
    ]
    return np.flatnonzero(np.array(worst) >= least)
