# why: The result has the type of x: distances of whole-numbered points are cut to whole numbers.
# fails: test_distance_from_the_centre
# %% radius-answer
def add_radius(x, centre):
    out = np.empty((len(x), 3), dtype=x.dtype)
    out[:, :2] = x
    out[:, 2] = np.linalg.norm(x - np.asarray(centre), axis=1)
    return out
