# why: The points are brought to length 1 in place.
# fails: test_reads_times_from_points
# %% dial-error-answer
def clock_error(predicted, actual):
    ahead = np.mod(np.subtract(predicted, actual), 720)
    return np.minimum(ahead, 720 - ahead)


def to_circle(minutes):
    turn = 2 * np.pi * np.asarray(minutes) / 720
    return np.column_stack([np.sin(turn), np.cos(turn)])


def from_circle(points):
    if points.dtype.kind == "f":
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
