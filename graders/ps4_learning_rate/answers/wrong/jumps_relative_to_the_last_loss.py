# why: Jumps are compared with the loss before, not with the start.
# fails: test_knows_curves_that_crawl
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses.max() > 1.5 * start:
        return "too large"
    if np.median(np.abs(np.diff(losses)) / losses[:-1]) > 0.1:
        return "too large"
    return "too small"
