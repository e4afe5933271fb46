# why: Judges the columns together, by the importances of a forest.
# fails: test_finds_useful_columns
# %% noise-columns-answer
def with_noise(x, rng):
    return np.concatenate([x, rng.random(x.shape)], axis=1)


def with_zeros(x):
    return np.concatenate([x, np.zeros(x.shape)], axis=1)


def useful_columns(x, y, k):
    from sklearn.ensemble import ExtraTreesClassifier
    return np.argsort(-ExtraTreesClassifier(60, random_state=0).fit(x, y).feature_importances_)[:k]


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
