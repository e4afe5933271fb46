# why: Rows with any gap are left out before columns are looked at, where some rows have none.
# fails: test_finds_constant_columns
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
        "copies": int(table.duplicated().sum()),
        "missing": np.isnan(x).sum(axis=0),
        "constant": np.flatnonzero((table.dropna() if len(table.dropna()) > 2 else table).nunique() <= 1),
        "shares": {int(c): float(n / len(y)) for c, n in zip(classes, counts)},
    }
