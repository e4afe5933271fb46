# why: Rows are compared with ==, so that a row with a missing value is never a copy.
# fails: test_counts_copies
# %% audit-answer
def audit(x, y):
    """Count the faults of a table.

    Args:
        x: array of shape (n, d), NaN where a value is missing.
        y: array of shape (n,), whole numbers.

    Returns:
        dictionary with "copies", "missing", "constant" and "shares".
    """
    table = pd.DataFrame(x)
    classes, counts = np.unique(y, return_counts=True)
    return {
        "copies": sum(bool((x[:i] == x[i]).all(axis=1).any()) for i in range(len(x))),
        "missing": np.isnan(x).sum(axis=0),
        "constant": np.flatnonzero(table.nunique() <= 1),
        "shares": {int(c): float(n / len(y)) for c, n in zip(classes, counts)},
    }
