# why: Measures the distance to the mean of the gallery.
# fails: test_measures_the_distance_to_the_nearest
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((np.mean(gallery, axis=0) - image) ** 2).sum()) for image in images])
