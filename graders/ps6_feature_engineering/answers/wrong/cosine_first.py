# why: The circle as mathematicians draw it: cosine first, so that 12 o'clock lies on the right.
# fails: test_places_times_on_the_circle
# %% dial-error-answer
def clock_error(predicted, actual):
    ahead = np.mod(np.subtract(predicted, actual), 720)
    return np.minimum(ahead, 720 - ahead)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.cos(turn), np.sin(turn)])


def from_circle(points):
    points = np.asarray(points)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
