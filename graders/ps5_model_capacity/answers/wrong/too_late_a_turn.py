# why: Does not ask how many epochs come after the lowest one.
# fails: test_no_turn, test_smallest_size_that_overfits
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    """Epoch (from 1) of the lowest loss if the curve has turned there, otherwise None.

    Args:
        losses: validation losses, one an epoch, at least one.
        tail: number of epochs at the end whose mean loss is compared with the lowest one.
        tolerance: the mean must be above the lowest loss by more than this.
    """
    losses = np.asarray(losses, dtype=float)
    best = int(losses.argmin())
    if losses[-tail:].mean() - losses[best] <= tolerance:
        return None
    return best + 1


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    """Smallest size whose validation curve has turned, or None; `curves` is a dictionary {size: losses}."""
    turned = [size for size, losses in curves.items() if turning_epoch(losses, tail, tolerance) is not None]
    return min(turned, default=None)
