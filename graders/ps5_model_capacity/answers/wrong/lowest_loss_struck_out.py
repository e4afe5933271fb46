# why: The lowest loss is struck out in the array of the caller.
# fails: test_epoch_of_the_turn, test_no_turn, test_noise_is_no_turn
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    best = int(np.argmin(losses))
    lowest = float(losses[best])
    if len(losses) - best - 1 < tail or np.mean(losses[-tail:]) - lowest <= tolerance:
        return None
    losses[best] = float("inf")
    return best + 1


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    turned = [size for size, losses in curves.items() if turning_epoch(list(losses), tail, tolerance) is not None]
    return min(turned, default=None)
