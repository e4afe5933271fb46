# why: The last five losses are sorted in place, in the array of the caller.
# fails: test_overflow_means_too_large, test_knows_suitable_curves
# %% diagnose-answer
def diagnose(start, losses):
    if not np.isfinite(losses).all():
        return "too large"
    jumps, last = np.abs(np.diff(losses)), losses[-5:]
    last.sort()
    if last[2] <= 0.5 * start:
        return "suitable"
    if np.max(losses) > 1.5 * start or np.median(jumps) > 0.1 * start:
        return "too large"
    return "too small"
