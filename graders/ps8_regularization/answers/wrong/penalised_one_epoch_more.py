# why: Trains the penalised network for one epoch more than `epochs`.
# fails: test_penalises_kernels_only
# %% penalised-answer
def train_penalised_network(x, y, l1, l2, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((196,)),
            layers.Dense(128, activation="relu", kernel_regularizer=regularizers.L1L2(l1=l1, l2=l2)),
            layers.Dense(128, activation="relu", kernel_regularizer=regularizers.L1L2(l1=l1, l2=l2)),
            layers.Dense(10, activation="softmax"),
        ]
    )
    fit(model, x, y, epochs + 1)
    return model


def plain_cross_entropy(model, x, y):
    p = probabilities(model, x)[np.arange(len(y)), y]
    return float(-np.log(np.clip(p, 1e-7, None)).mean())
