# why: The differences are taken in the gallery that was given.
# fails: test_measures_the_distance_to_the_nearest
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return (first + np.linspace(0, 1, steps) * turn) % 360


def distance_to_nearest(images, gallery):
    distances = []
    for image in images:
        gallery -= image
        distances.append(np.sqrt((gallery**2).sum(axis=(1, 2)).min()))
        gallery += image
    gallery -= images[-1]
    return np.array(distances)
