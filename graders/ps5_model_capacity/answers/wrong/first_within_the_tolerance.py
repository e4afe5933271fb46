# why: The first epoch within the tolerance of the lowest loss counts as the turn.
# fails: test_epoch_of_the_turn
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    losses = np.asarray(losses)
    t = int(np.argmax(losses <= losses.min() + tolerance)) + 1
    if len(losses) - t < tail:
        return None
    return t if losses[-tail:].mean() - losses.min() > tolerance else None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    return min((s for s, c in curves.items() if turning_epoch(c, tail, tolerance) is not None), default=None)
