# why: The actual times are subtracted in place, from the array of the caller.
# fails: test_goes_the_short_way_round
# %% dial-error-answer
def clock_error(predicted, actual):
    if predicted.dtype == actual.dtype:
        predicted -= actual
    else:
        predicted = predicted - actual
    ahead = np.mod(predicted, 720)
    return np.minimum(ahead, 720 - ahead)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
