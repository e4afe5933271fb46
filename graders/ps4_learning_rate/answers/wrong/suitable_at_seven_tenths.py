# why: Seven tenths of the start count as suitable.
# fails: test_knows_curves_that_crawl
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= 0.7 * start:
        return "suitable"
    if losses.max() > 1.5 * start:
        return "too large"
    if np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
