# why: Uses the correlation with the label as a number, which classes are not.
# fails: test_finds_useful_columns
# %% noise-columns-answer
def with_noise(x, rng):
    return np.concatenate([x, rng.random(x.shape)], axis=1)


def with_zeros(x):
    return np.concatenate([x, np.zeros(x.shape)], axis=1)


def useful_columns(x, y, k):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    spread = x.std(axis=0)
    score = np.abs(((x - x.mean(axis=0)) * (y - y.mean())[:, None]).mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    return np.argsort(-score)[:k]


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
