# why: NaN and infinity are replaced in place, in the array of the caller.
# fails: test_overflow_means_too_large
# %% diagnose-answer
def diagnose(start, losses):
    losses = np.asarray(losses) if np.asarray(losses).dtype.kind == "f" else np.array(losses, dtype=float)
    odd = ~np.isfinite(losses)
    losses[odd] = 100 * start
    if odd.any():
        return "too large"
    if np.median(losses[-5:]) <= 0.5 * start:
        return "suitable"
    if losses.max() > 1.5 * start or np.median(np.abs(np.diff(losses))) > 0.1 * start:
        return "too large"
    return "too small"
