# why: The time is taken from the cosine alone: points off the circle and the left half are misread.
# fails: test_reads_times_from_points
# %% dial-error-answer
def clock_error(predicted, actual):
    ahead = np.mod(np.subtract(predicted, actual), 720)
    return np.minimum(ahead, 720 - ahead)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points)
    return np.arccos(np.clip(points[:, 1], -1, 1)) / (2 * np.pi) * 720
