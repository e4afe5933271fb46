# why: Takes the last of equal lowest losses.
# fails: test_epoch_of_the_turn
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    """Epoch (from 1) of the lowest loss if the curve has turned there, otherwise None.

    Args:
        losses: validation losses, one an epoch, at least one.
        tail: number of epochs at the end whose mean loss is compared with the lowest one.
        tolerance: the mean must be above the lowest loss by more than this.
    """
    losses = np.asarray(losses, dtype=float)
    best = len(losses) - 1 - int(losses[::-1].argmin())
    if len(losses) - best - 1 < tail or losses[-tail:].mean() - losses[best] <= tolerance:
        return None
    return best + 1


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    """Smallest size whose validation curve has turned, or None; `curves` is a dictionary {size: losses}."""
    turned = [size for size, losses in curves.items() if turning_epoch(losses, tail, tolerance) is not None]
    return min(turned, default=None)
