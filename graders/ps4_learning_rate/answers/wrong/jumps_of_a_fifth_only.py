# why: Only jumps above a fifth of the start count, not above a tenth.
# fails: test_knows_curves_that_bounce
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses.max() > 1.5 * start:
        return "too large"
    if np.median(np.abs(np.diff(losses))) > 0.2 * start:
        return "too large"
    return "too small"
