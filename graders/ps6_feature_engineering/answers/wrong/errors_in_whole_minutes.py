# why: The difference is rounded to whole minutes.
# fails: test_ignores_whole_turns
# %% dial-error-answer
def clock_error(predicted, actual):
    ahead = np.mod(np.rint(np.subtract(predicted, actual)), 720)
    return np.minimum(ahead, 720 - ahead)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
