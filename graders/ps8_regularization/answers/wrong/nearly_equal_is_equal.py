# why: Takes a loss a hundredth above the lowest for equal.
# fails: test_finds_the_turn
# %% small-answer
def turning_point(losses, every=1):
    losses = np.asarray(losses)
    return (int(np.flatnonzero(losses <= losses.min() + 0.01)[0]) + 1) * every, losses[-1] - losses.min()


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")])
    fit(model, x, y, epochs)
    return model
