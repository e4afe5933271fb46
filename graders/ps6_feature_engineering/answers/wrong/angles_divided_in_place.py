# why: Angles become minutes and hours in place, in the array of the caller.
# fails: test_reads_all_exact_times
# %% read-time-answer
def read_time(angles):
    if angles.dtype.kind != "f":
        angles = angles.astype(float)
    angles[:, 1] = np.rint(angles[:, 1] / 6) % 60
    hour = np.rint((angles[:, 0] - angles[:, 1] / 2) / 30) % 12
    return (60 * hour + angles[:, 1]).astype(int)


def disagreement(angles):
    hour_angle, minute_angle = np.asarray(angles, dtype=float).T
    too_far = np.mod(hour_angle - minute_angle / 12, 30)
    return np.minimum(too_far, 30 - too_far)
