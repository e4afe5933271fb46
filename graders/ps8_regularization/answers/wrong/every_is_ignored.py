# why: Counts measurements instead of epochs.
# fails: test_finds_the_turn
# %% small-answer
def turning_point(losses, every=1):
    best = int(np.argmin(losses))
    return best + 1, float(losses[-1] - losses[best])


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    fit(model, x, y, epochs)
    return model
