# why: Two minutes a degree: the time is read from the hour hand alone.
# fails: test_bears_a_bent_hour_hand
# %% read-time-answer
def read_time(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    return np.rint(hour_angle * 2).astype(int) % 720


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle - minute_angle / 12, 30)
    return np.minimum(too_far, 30 - too_far)
