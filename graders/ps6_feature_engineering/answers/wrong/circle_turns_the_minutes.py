# why: Minutes become an angle in place, in the array of the caller.
# fails: test_places_times_on_the_circle
# %% dial-error-answer
def clock_error(predicted, actual):
    ahead = np.mod(np.subtract(predicted, actual), 720)
    return np.minimum(ahead, 720 - ahead)


def to_circle(minutes):
    if minutes.dtype.kind == "f":
        minutes *= 2 * np.pi / 720
    else:
        minutes = minutes * (2 * np.pi / 720)
    return np.column_stack([np.sin(minutes), np.cos(minutes)])


def from_circle(points):
    points = np.asarray(points)
    return np.mod(np.arctan2(points[:, 0], points[:, 1]) / (2 * np.pi) * 720, 720)
