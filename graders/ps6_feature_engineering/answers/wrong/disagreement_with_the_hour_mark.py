# why: The hour hand is compared with the nearest hour mark, as if it did not move with the minutes.
# fails: test_measures_the_disagreement
# %% read-time-answer
def read_time(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    minute = np.rint(minute_angle / 6) % 60
    hour = np.rint((hour_angle - minute / 2) / 30) % 12
    return (60 * hour + minute).astype(int)


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle, 30)
    return np.minimum(too_far, 30 - too_far)
