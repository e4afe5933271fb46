# why: The smallest networks that the text permits, other activations, and gradient descent with momentum.
# %% noise-columns-answer
def with_noise(x, rng):
    return np.concatenate([x, rng.random(x.shape)], axis=1)


def with_zeros(x):
    return np.concatenate([x, np.zeros(x.shape)], axis=1)


def useful_columns(x, y, k):
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    between, within = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for label in np.unique(y):
        own = x[y == label]
        between += len(own) * (own.mean(axis=0) - x.mean(axis=0)) ** 2
        within += ((own - own.mean(axis=0)) ** 2).sum(axis=0)
    score = np.where(np.ptp(x, axis=0) > 0, between / (between + within + 1e-300), 0)
    return np.argsort(-score)[:k]


def train_digits(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((x.shape[1],)),
        layers.Dense(64, activation="tanh"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=50, epochs=30, verbose=0)
    return model


# %% shuffled-answer
def shuffle_labels(labels, rng):
    return rng.permutation(labels)


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(256, activation="gelu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        x, y, batch_size=100, epochs=40, verbose=0,
        validation_data=(x_val, y_val), validation_freq=2, validation_batch_size=len(x_val),
    )
    return model
