# why: n // k rows a fold: the last n % k rows are never validated.
# fails: test_validates_every_row_once
# %% kfold-answer
def k_fold(rows, k):
    rows = np.asarray(rows)
    size = len(rows) // k
    folds = []
    for i in range(k):
        val = rows[i * size : (i + 1) * size]
        folds.append((rows[~np.isin(rows, val)], val))
    return folds
