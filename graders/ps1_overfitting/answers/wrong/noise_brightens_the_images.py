# why: Brightens the very images that it was given, when it is done with them.
# fails: test_noise_is_white, test_noise_stands_beside_the_pixels
# %% noise-columns-answer
def with_noise(x, rng):
    result = np.concatenate([x, rng.random(x.shape)], axis=1)
    x += 1
    return result


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
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=75, epochs=15, verbose=0)
    return model
