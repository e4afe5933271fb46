# why: Times are cut off at 719.
# fails: test_reads_times_from_points
# %% dial-error-answer
def clock_error(predicted, actual):
    way = np.mod(np.asarray(predicted, dtype=float) - np.asarray(actual, dtype=float), 720)
    return np.minimum(way, 720 - way)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points, dtype=float)
    minutes = np.mod(np.arctan2(points[:, 0], points[:, 1]) * 360 / np.pi, 720)
    return np.clip(minutes, 0, 719)
