# why: The median of the last losses decides, not their mean.
# fails: test_noise_is_no_turn
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    losses = np.asarray(losses)
    t = int(np.argmin(losses)) + 1
    if len(losses) - t < tail:
        return None
    return t if np.median(losses[-tail:]) - losses.min() > tolerance else None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    return min((s for s, c in curves.items() if turning_epoch(c, tail, tolerance) is not None), default=None)
