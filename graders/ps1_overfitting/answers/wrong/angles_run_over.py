# why: Angles go on beyond 360 and below 0.
# fails: test_angles_stay_on_the_dial
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return first + np.linspace(0, 1, steps) * turn


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
