# why: Leaves out columns that tell the same as one already chosen.
# fails: test_finds_useful_columns
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
    chosen, rest = [], []
    for j in np.argsort(-score):
        alike = any(abs(np.corrcoef(x[:, j], x[:, i])[0, 1]) > 0.9 for i in chosen) if score[j] > 0 else False
        (rest if alike else chosen).append(j)
    return np.array((chosen + rest)[:k])


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
