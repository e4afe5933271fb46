# why: The size that turns first in time, ties by size.
# fails: test_smallest_size_that_overfits
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    losses = np.asarray(losses, dtype=float)
    t = int(np.argmin(losses))
    if len(losses) - 1 - t < tail:
        return None
    return t + 1 if losses[-tail:].mean() > losses[t] + tolerance else None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    turns = {size: turning_epoch(losses, tail, tolerance) for size, losses in curves.items()}
    turned = [(t, size) for size, t in turns.items() if t is not None]
    return min(turned)[1] if turned else None
