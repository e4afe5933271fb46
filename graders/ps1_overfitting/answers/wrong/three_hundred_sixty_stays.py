# why: Takes a turn off angles beyond 360, but leaves 360 itself, which is 0.
# fails: test_angles_stay_on_the_dial
# %% clocks-answer
def blend(first, second, steps):
    t = np.linspace(0, 1, steps)[:, None, None]
    return (1 - t) * first + t * second


def walk(first, second, steps):
    turn = (second - first + 180) % 360 - 180
    angles = first + np.linspace(0, 1, steps) * turn
    angles[angles > 360] -= 360
    angles[angles < 0] += 360
    return angles


def distance_to_nearest(images, gallery):
    return np.array([np.sqrt(((gallery - image) ** 2).sum(axis=(1, 2)).min()) for image in images])
