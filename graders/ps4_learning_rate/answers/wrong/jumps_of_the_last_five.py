# why: The typical jump is that of the last five losses alone.
# fails: test_knows_curves_that_crawl, test_knows_curves_that_bounce
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    last = losses[-5:]
    if np.median(last) <= 0.5 * start:
        return "suitable"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(last))) > 0.1 * start:
        return "too large"
    return "too small"
