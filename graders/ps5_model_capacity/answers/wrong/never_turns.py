# why: No curve turns.
# fails: test_epoch_of_the_turn, test_no_turn, test_noise_is_no_turn, test_smallest_size_that_overfits
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    return None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    return None
