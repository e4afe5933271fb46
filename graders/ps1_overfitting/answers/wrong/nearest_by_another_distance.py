# why: Finds the nearest by the sum of absolute differences, and measures it by the root of squares.
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
        near = gallery[abs(gallery - image).sum(axis=(1, 2)).argmin()]
        out.append(np.linalg.norm(near - image))
    return np.array(out)
