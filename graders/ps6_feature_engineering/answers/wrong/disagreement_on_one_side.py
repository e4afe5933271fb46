# why: The disagreement is measured forwards only: 29 degrees too far instead of 1 too few.
# fails: test_measures_the_disagreement
# %% read-time-answer
def read_time(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    minute = np.rint(minute_angle / 6) % 60
    hour = np.rint((hour_angle - minute / 2) / 30) % 12
    return (60 * hour + minute).astype(int)


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle - minute_angle / 12, 30)
    return too_far
