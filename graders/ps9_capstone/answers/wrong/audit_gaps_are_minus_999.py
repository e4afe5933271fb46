# why: Missing values are replaced by -999, which may be a value of the table.
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
        "copies": int(table.fillna(-999).duplicated().sum()),
        "missing": np.isnan(x).sum(axis=0),
        "constant": np.flatnonzero(table.nunique() <= 1),
        "shares": {int(c): float(n / len(y)) for c, n in zip(classes, counts)},
    }
