# why: The shorter way is taken for times from 0 to 719 only: predictions of other turns give negative errors.
# fails: test_ignores_whole_turns
# %% dial-error-answer
def clock_error(predicted, actual):
    d = np.abs(np.asarray(predicted) - np.asarray(actual))
    return np.minimum(d, 720 - d)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
