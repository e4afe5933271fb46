# why: Trains the small network for one epoch less than `epochs`.
# fails: test_small_network_overfits_later
# %% small-answer
def turning_point(losses, every=1):
    losses = np.asarray(losses, dtype=float)
    best = int(losses.argmin())
    return (best + 1) * every, float(losses[-1] - losses[best])


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    fit(model, x, y, max(1, epochs - 1))
    return model
