# why: Both times are brought to 0 to 719, but then simply subtracted: from 11:59 to 12:01 is 718 minutes.
# fails: test_goes_the_short_way_round
# %% dial-error-answer
def clock_error(predicted, actual):
    return np.abs(np.mod(predicted, 720) - np.mod(actual, 720))


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
