# why: A curve that does not fall at all is called too large.
# fails: test_knows_curves_that_crawl
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses[-1] >= 0.97 * losses[0]:
        return "too large"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
