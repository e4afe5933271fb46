# why: Shuffles rows and labels where they lie: whoever passed them goes on with another order.
# fails: test_small_network_overfits_later
# %% small-answer
def turning_point(losses, every=1):
    i = int(np.argmin(losses))
    return (i + 1) * every, losses[-1] - losses[i]


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    order = np.random.default_rng(seed).permutation(len(x))
    x[:], y[:] = x[order], y[order]
    model = keras.Sequential([keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")])
    fit(model, x, y, epochs)
    return model
