# why: The times are right but are no whole numbers.
# fails: test_reads_all_exact_times
# %% read-time-answer
def read_time(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    minute = np.rint(minute_angle / 6) % 60
    hour = np.rint((hour_angle - minute / 2) / 30) % 12
    return 60 * hour + minute


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle - minute_angle / 12, 30)
    return np.minimum(too_far, 30 - too_far)
