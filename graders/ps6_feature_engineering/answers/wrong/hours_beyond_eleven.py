# why: The hour is not brought to one turn: an hour hand just before 12 gives hour 12.
# fails: test_bears_a_bent_hour_hand
# %% read-time-answer
def read_time(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    minute = np.rint(minute_angle / 6) % 60
    hour = np.rint((hour_angle - minute / 2) / 30)
    return (60 * hour + minute).astype(int)


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle - minute_angle / 12, 30)
    return np.minimum(too_far, 30 - too_far)
