# why: Minute 60 is paired with the hour before, which is right, but makes 720 of 12 o'clock.
# fails: test_bears_an_inexact_minute_hand
# %% read-time-answer
def read_time(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    minute = np.rint(minute_angle / 6)
    hour = np.rint((hour_angle - minute / 2) / 30) % 12
    return (60 * hour + minute).astype(int)


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle - minute_angle / 12, 30)
    return np.minimum(too_far, 30 - too_far)
