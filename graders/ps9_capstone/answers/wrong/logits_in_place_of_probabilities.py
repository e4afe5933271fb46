# why: The last layer has no softmax: the loss takes logits.
# fails: test_the_seed_decides
# %% model-answer
def prepare_rows(x):
    """Turn raw rows into the inputs of the network.

    Args:
        x: raw rows, shape (n, 15), NaN where a value is missing.

    Returns:
        array of shape (n, k) without missing values.
    """
    picked = np.asarray(x, dtype=float)[:, PICKED]
    filled = np.where(np.isnan(picked), MEDIAN, picked)
    return np.clip((filled - MEAN) / DEVIATION, -4, 4).astype("float32")



def train_model(seed):
    """Train the network that is handed in.

    Args:
        seed: decides everything random; set it before you build.

    Returns:
        The trained Keras model.
    """
    keras.utils.set_random_seed(seed)
    net = keras.Sequential([
        keras.Input((len(PICKED),)),
        layers.Dense(16, activation="tanh", kernel_regularizer=regularizers.L2(0.002)),
        layers.Dense(16, activation="tanh", kernel_regularizer=regularizers.L2(0.002)),
        layers.Dense(2),
    ])
    net.compile(optimizer=keras.optimizers.Adam(0.02), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    net.fit(
        prepare_rows(x[PAST]), y[PAST], batch_size=150, epochs=40, verbose=0,
        validation_data=(prepare_rows(x[RECENT]), y[RECENT]), validation_batch_size=500,
        callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)],
    )
    return net


# The decisions of exercises 2, 3 and 5, written down once. All constants come from training rows alone.
PICKED = [columns.index(name) for name in ("sugar", "acid", "firmness", "redness")]
BY_DAY = np.argsort(day, kind="stable")
ONCE = BY_DAY[~pd.DataFrame(x[BY_DAY]).duplicated().to_numpy()]
PAST, RECENT = ONCE[day[ONCE] < 69], ONCE[day[ONCE] >= 69]
MEDIAN = np.nanmedian(x[PAST][:, PICKED], axis=0)
FILLED = np.where(np.isnan(x[PAST][:, PICKED]), MEDIAN, x[PAST][:, PICKED])
MEAN, DEVIATION = FILLED.mean(axis=0), FILLED.std(axis=0)
