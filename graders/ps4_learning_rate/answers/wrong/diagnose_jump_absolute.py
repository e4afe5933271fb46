# why: 0.1 as a number, not 0.1 x start.
# fails: test_knows_curves_that_crawl, test_knows_curves_that_bounce
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= start / 2:
        return "suitable"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(losses))) > 0.1:
        return "too large"
    return "too small"
