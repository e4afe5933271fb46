# why: the last epoch before the loss first rises, not the lowest of all
# fails: test_finds_the_turn, test_measures_the_rise
# %% small-answer
def turning_point(losses, every=1):
    i = 0
    while i + 1 < len(losses) and losses[i + 1] < losses[i]:
        i += 1
    return (i + 1) * every, losses[-1] - losses[i]


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")])
    fit(model, x, y, epochs)
    return model
