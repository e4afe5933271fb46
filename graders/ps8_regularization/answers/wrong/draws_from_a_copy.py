# why: Draws from a copy of the generator, so that every step drops the same.
# fails: test_drops_the_right_values
# %% dropout-answer
import copy



def dropout(values, rate, rng, training=True):
    if not training:
        return values.copy()
    draws = copy.deepcopy(rng).random(values.shape)
    return np.where(draws < rate, 0, values / (1 - rate))
