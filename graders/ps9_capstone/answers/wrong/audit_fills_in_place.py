# why: Gaps are filled in the table that is given.
# fails: test_counts_missing_values
# %% audit-answer
def audit(x, y):
    """Count the faults of a table.

    Args:
        x: array of shape (n, d), NaN where a value is missing.
        y: array of shape (n,), whole numbers.

    Returns:
        dictionary with "copies", "missing", "constant" and "shares".
    """
    table = pd.DataFrame(x.copy())
    missing = np.isnan(x).sum(axis=0)
    np.nan_to_num(x, copy=False, nan=-1)
    classes, counts = np.unique(y, return_counts=True)
    return {
        "copies": int(table.duplicated().sum()),
        "missing": missing,
        "constant": np.flatnonzero(table.nunique() <= 1),
        "shares": {int(c): float(n / len(y)) for c, n in zip(classes, counts)},
    }
