# why: Measures the whole height of the curve, its steep beginning included.
# fails: test_measures_the_rise
# %% small-answer
def turning_point(losses, every=1):
    best = int(np.argmin(losses))
    return every * (best + 1), float(max(losses) - losses[best])


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    fit(model, x, y, epochs)
    return model
