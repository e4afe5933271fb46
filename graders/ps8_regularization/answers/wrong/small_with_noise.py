# why: Noise on the inputs is added: more than fewer units holds it back.
# fails: test_small_network_overfits_later
# %% small-answer
def turning_point(losses, every=1):
    i = int(np.argmin(losses))
    return (i + 1) * every, losses[-1] - losses[i]


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.GaussianNoise(0.05), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")])
    fit(model, x, y, epochs)
    return model
