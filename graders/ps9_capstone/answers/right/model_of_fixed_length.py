# why: Suspects out of the training rows; dropout in a network of 64 units, and a fixed number of epochs.
# %% model-answer
_kept = np.asarray(first_copies(x, day))
_train, _val = (_kept[np.asarray(part)] for part in split_by_day(day[_kept], 0.25))
_columns = np.asarray(stable_columns(x, y, day, _train), dtype=int)


def prepare_rows(x_rows):
    return prepare(x[_train][:, _columns], np.asarray(x_rows)[:, _columns])[1].astype("float32")


def train_model(seed):
    keras.utils.set_random_seed(seed)
    rows = prepare_rows(x[_train])
    doubtful = np.asarray(suspects(rows, y[_train], seed), dtype=int)
    good = np.setdiff1d(np.arange(len(_train)), doubtful)
    model = keras.Sequential([
        keras.Input((len(_columns),)),
        layers.Dense(64, activation="relu"),
        layers.Dropout(0.3),
        layers.Dense(2, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(rows[good], y[_train][good], epochs=40, batch_size=64, verbose=0)
    return model
