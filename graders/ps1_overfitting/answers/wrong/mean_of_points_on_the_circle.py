# why: Walks along the chord between two points of the circle, so that the steps are not equal.
# fails: test_walks_the_shorter_way
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    t = np.linspace(0, 1, steps)
    ends = np.exp(1j * np.radians([first, second]))
    return np.degrees(np.angle((1 - t) * ends[0] + t * ends[1])) % 360


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
