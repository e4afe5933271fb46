# why: Where there are as many steps as rows, the shares run along the pixels of each image.
# fails: test_blends_images
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)
    if steps == len(first):
        return np.array([(1 - t) * first + t * second for _ in range(steps)])
    return (1 - t[:, None, None]) * first + t[:, None, None] * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
