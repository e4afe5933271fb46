# why: Always goes clockwise, also where that is the longer way.
# fails: test_walks_the_shorter_way
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first) % 360
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
