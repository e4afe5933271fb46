# why: Moves the old columns to the centre as well.
# fails: test_keeps_the_old_columns
# %% radius-answer
def add_radius(x, centre):
    """Add the distance from a centre as a third feature.

    Args:
        x: points, shape (n, 2).
        centre: two numbers.

    Returns:
        Array of shape (n, 3): the two columns of x, and the distance.
    """
    x = np.asarray(x) - np.asarray(centre)
    return np.column_stack([x, np.linalg.norm(x, axis=1)])
