# why: Values are compared with the first row's, which may be missing itself.
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
        "constant": np.flatnonzero([bool(((c == c[0]) | np.isnan(c)).all()) for c in x.T]),
        "shares": {int(c): float(n / len(y)) for c, n in zip(classes, counts)},
    }
