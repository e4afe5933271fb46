# why: One lucky epoch counts: minimum instead of median.
# fails: test_knows_curves_that_crawl
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if losses[-5:].min() <= start / 2:
        return "suitable"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
