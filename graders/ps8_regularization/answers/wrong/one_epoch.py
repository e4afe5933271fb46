# why: Trains for one epoch only: it has not overfitted, but it has not learnt either.
# fails: test_small_network_learns, test_small_network_overfits_later
# %% small-answer
def turning_point(losses, every=1):
    best = int(np.argmin(losses))
    return every * (best + 1), float(losses[-1] - losses[best])


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    fit(model, x, y, 1)
    return model
