# why: Infinity is overlooked: only NaN is looked for.
# fails: test_overflow_means_too_large
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses, dtype=float)
    if np.isnan(losses).any():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
