# why: Leaves out images of the gallery that are equal to the image.
# fails: test_measures_the_distance_to_the_nearest
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    out = []
    for image in images:
        d = np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)))
        out.append(d[d > 0].min() if (d > 0).any() else 0)
    return np.array(out)
