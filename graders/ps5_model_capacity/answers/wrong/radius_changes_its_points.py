# why: The centre is subtracted in place: the points of the caller move.
# fails: test_keeps_the_old_columns
# %% radius-answer
def add_radius(x, centre):
    old = np.array(x)
    if x.dtype.kind == "f":
        x -= np.asarray(centre, dtype=x.dtype)
    else:
        x = x - np.asarray(centre)
    return np.column_stack([old, np.hypot(x[:, 0], x[:, 1])])
