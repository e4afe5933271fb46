# why: The centre takes over the type of the points: between whole ones it loses its fraction.
# fails: test_distance_from_the_centre
# %% radius-answer
def add_radius(x, centre):
    x = np.asarray(x)
    r = np.sqrt(((x - np.asarray(centre).astype(x.dtype)) ** 2).sum(axis=1))
    return np.column_stack([x, r])
