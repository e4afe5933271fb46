# why: Sorts the losses that it is given.
# fails: test_finds_the_turn
# %% small-answer
def turning_point(losses, every=1):
    first = np.array(losses)
    last = losses[-1]
    if isinstance(losses, np.ndarray):
        losses.sort()
    return (int(first.argmin()) + 1) * every, last - first.min()


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")])
    fit(model, x, y, epochs)
    return model
