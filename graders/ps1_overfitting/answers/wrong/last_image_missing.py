# why: The blend stops one step before the end.
# fails: test_blends_images
# %% clocks-answer
def blend(first, second, steps):
    t = (np.arange(steps) / steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
