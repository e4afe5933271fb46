# why: The walk does not move from the first angle.
# fails: test_walks_the_shorter_way, test_angles_stay_on_the_dial
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    return np.full(steps, first)


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
