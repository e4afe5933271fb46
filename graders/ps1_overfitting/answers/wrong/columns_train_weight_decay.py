# why: The optimizer's weight decay holds it back.
# fails: test_network_recognises_digits
# %% noise-columns-answer
def with_noise(x, rng):
    return np.hstack([x, rng.random(x.shape)])


def with_zeros(x):
    return np.hstack([x, np.zeros(x.shape)])


def f_ratio(column, y):
    groups = [column[y == c] for c in np.unique(y)]
    mean = column.mean()
    between = sum(len(g) * (g.mean() - mean) ** 2 for g in groups) / (len(groups) - 1)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / (len(column) - len(groups))
    if column.min() == column.max():
        return 0.0
    return between / within if within > 0 else np.inf


def useful_columns(x, y, k):
    scores = [f_ratio(x[:, j], y) for j in range(x.shape[1])]
    return np.argsort(scores)[::-1][:k]


def train_digits(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((x.shape[1],)), layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.AdamW(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=15, batch_size=75, verbose=0)
    return model
