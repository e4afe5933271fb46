# why: Scales columns by their range, not by the spread within the classes.
# fails: test_finds_useful_columns
# %% noise-columns-answer
def with_noise(x, rng):
    return np.concatenate([x, rng.random(x.shape)], axis=1)


def with_zeros(x):
    return np.concatenate([x, np.zeros(x.shape)], axis=1)


def useful_columns(x, y, k):
    x, y = np.asarray(x, dtype=float), np.asarray(y)
    span = np.ptp(x, axis=0)
    z = (x - x.min(axis=0)) / np.where(span > 0, span, 1)
    means = np.array([z[y == c].mean(axis=0) for c in np.unique(y)])
    return np.argsort(-means.std(axis=0))[:k]


def train_digits(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((x.shape[1],)),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=75, epochs=15, verbose=0)
    return model
