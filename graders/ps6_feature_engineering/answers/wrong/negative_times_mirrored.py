# why: Negative times are mirrored.
# fails: test_places_times_on_the_circle
# %% dial-error-answer
def clock_error(predicted, actual):
    way = np.mod(np.asarray(predicted, dtype=float) - np.asarray(actual, dtype=float), 720)
    return np.minimum(way, 720 - way)


def to_circle(minutes):
    turn = 2 * np.pi * np.abs(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    points = np.asarray(points, dtype=float)
    minutes = np.mod(np.arctan2(points[:, 0], points[:, 1]) * 360 / np.pi, 720)
    return np.where(minutes >= 720, 0, minutes)
