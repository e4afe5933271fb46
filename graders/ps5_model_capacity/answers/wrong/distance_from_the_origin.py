# why: Takes the length of the point itself; the centre is ignored.
# fails: test_distance_from_the_centre
# %% radius-answer
def add_radius(x, centre):
    """Add the distance from a centre as a third feature.

    Args:
        x: points, shape (n, 2).
        centre: two numbers.

    Returns:
        Array of shape (n, 3): the two columns of x, and the distance.
    """
    x = np.asarray(x)
    return np.column_stack([x, np.linalg.norm(x, axis=1)])
