# why: Strides, least squares, full batches and RMSprop; other NumPy types come back.
# %% radius-answer
def add_radius(x, centre):
    return np.c_[x, np.hypot(x[:, 0] - centre[0], x[:, 1] - centre[1])].astype("float32")
# %% rings-answer
def train_rings(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((2,)), layers.Dense(16, activation="relu"), layers.Dense(2), layers.Softmax(),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.optimizer.learning_rate = 0.05
    model.fit(x, y, batch_size=120, epochs=120, verbose=0)
    return model
# %% labels-answer
def shuffled_copy(labels, rng):
    return labels[rng.permutation(len(labels))]


def label_experiment(x, y, x_val, y_val, seed):
    def run(labels):
        model = train_small(x, labels, seed)
        return np.array([accuracy(model, x, labels), accuracy(model, x_val, y_val)])

    return {"true": run(y), "shuffled": run(shuffled_copy(y, np.random.default_rng(seed)))}


def diagnose(suspect, control, chance, margin=0.05):
    train, val, good = np.array([*suspect, control[1]]) > chance + margin
    return str(np.select([val, not train, good], ["fine", "does not train", "data"], "model"))
# %% series-answer
def lag_windows(series, k, horizon=1):
    series = np.asarray(series)
    if len(series) < k + horizon:
        return np.zeros((0, k)), np.zeros(0)
    x = np.lib.stride_tricks.sliding_window_view(series[: len(series) - horizon], k)
    return x, series[k + horizon - 1 :]


def forecast(past, future, k):
    full = np.concatenate([past, future])
    design = lambda rows: np.column_stack([np.ones(len(rows)), rows])
    rows = np.array([full[i - k : i] for i in range(k, len(full))])
    cut = len(past) - k
    w = np.linalg.lstsq(design(rows[:cut]), full[k : len(past)], rcond=None)[0]
    return design(rows[cut:]) @ w
# %% parameters-answer
def count_parameters(sizes, bias=True):
    sizes = np.array(sizes)
    return np.dot(sizes[:-1] + bool(bias), sizes[1:])


def widest(inputs, outputs, budget):
    return np.int64(np.clip(np.floor((budget - outputs) / (inputs + outputs + 1)), 0, None))
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    best = np.argmin(losses)
    enough = np.size(losses) > best + tail
    return np.int64(best + 1) if enough and np.mean(losses[-tail:]) > np.min(losses) + tolerance else None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    return min((s for s in curves if turning_epoch(curves[s], tail, tolerance) is not None), default=None)
# %% bigger-answer
def train_bigger(x, y, x_val, y_val, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((196,))])
    for units in (128, 64):
        model.add(layers.Dense(units, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=100, epochs=20, verbose=0, validation_data=(x_val, y_val), validation_batch_size=400)
    return model
