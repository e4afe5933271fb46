# why: Classes are assumed to be 0, 1, 2, …
# fails: test_measures_class_shares
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
    classes = np.arange(2)
    counts = [(y == c).sum() for c in classes]
    return {
        "copies": int(table.duplicated().sum()),
        "missing": np.isnan(x).sum(axis=0),
        "constant": np.flatnonzero(table.nunique() <= 1),
        "shares": {int(c): float(n / len(y)) for c, n in zip(classes, counts)},
    }
