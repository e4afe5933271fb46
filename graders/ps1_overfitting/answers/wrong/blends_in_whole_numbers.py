# why: The blend is written into an array of the images' own type: whole numbers stay whole.
# fails: test_blends_images
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return ((1 - t) * first + t * second).astype(first.dtype)


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
