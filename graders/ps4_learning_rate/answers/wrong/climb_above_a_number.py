# why: The highest loss is compared with 3.5, whatever the start was.
# fails: test_knows_curves_that_climbed, test_knows_curves_that_crawl
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses.max() > 3.5 or np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
