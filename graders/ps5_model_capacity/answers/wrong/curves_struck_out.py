# why: Curves that have not turned are struck out of the caller's dictionary.
# fails: test_smallest_size_that_overfits
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    losses = np.asarray(losses)
    t = int(np.argmin(losses)) + 1
    if len(losses) - t < tail:
        return None
    return t if losses[-tail:].mean() - losses.min() > tolerance else None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    for size in sorted(curves):
        if turning_epoch(curves[size], tail, tolerance) is None:
            curves.pop(size)
    return min(curves, default=None)
