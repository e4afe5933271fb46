# why: The last loss stands for the end of the curve.
# fails: test_knows_suitable_curves, test_knows_curves_that_crawl
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if losses[-1] <= 0.5 * start:
        return "suitable"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
