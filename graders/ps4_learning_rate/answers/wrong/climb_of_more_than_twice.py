# why: Only a climb to more than 2.2 times the start counts.
# fails: test_knows_curves_that_climbed
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses.max() > 2.2 * start:
        return "too large"
    if np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
