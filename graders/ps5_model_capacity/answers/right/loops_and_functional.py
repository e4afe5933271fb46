# why: Loops and plain Python by hand; networks with the functional interface.
# %% radius-answer
def add_radius(x, centre):
    return [[a, b, ((a - centre[0]) ** 2 + (b - centre[1]) ** 2) ** 0.5] for a, b in x]
# %% rings-answer
def train_rings(x, y, seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((2,))
    hidden = layers.Dense(32, activation="relu")(inputs)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(hidden))
    model.compile(optimizer=keras.optimizers.Adam(0.03), loss="categorical_crossentropy")
    model.fit(x, keras.utils.to_categorical(y, 2), batch_size=40, epochs=50, verbose=0)
    return model
# %% labels-answer
def shuffled_copy(labels, rng):
    mixed = np.array(labels).copy()
    rng.shuffle(mixed)
    return mixed


def label_experiment(x, y, x_val, y_val, seed):
    mixed = shuffled_copy(y, np.random.default_rng(seed))
    second = train_small(x, mixed, seed)
    first = train_small(x, y, seed)
    return {
        "shuffled": [accuracy(second, x, mixed), accuracy(second, x_val, y_val)],
        "true": [accuracy(first, x, y), accuracy(first, x_val, y_val)],
    }


def diagnose(suspect, control, chance, margin=0.05):
    (train, val), able = suspect, control[1] > chance + margin
    if val <= chance + margin:
        if train <= chance + margin:
            return "does not train"
        return {True: "data", False: "model"}[bool(able)]
    return "fine"
# %% series-answer
def lag_windows(series, k, horizon=1):
    rows, targets = [], []
    for i in range(len(series) - k - horizon + 1):
        rows.append(list(series[i : i + k]))
        targets.append(series[i + k + horizon - 1])
    return np.array(rows, dtype=float).reshape(-1, k), targets


def forecast(past, future, k):
    from sklearn.linear_model import LinearRegression

    model, known, answers = LinearRegression().fit(*lag_windows(past, k)), list(past), []
    for value in future:
        answers.append(float(model.predict([known[-k:]])[0]))
        known.append(value)
    return answers
# %% parameters-answer
def count_parameters(sizes, bias=True):
    total = 0
    for i in range(1, len(sizes)):
        total += (sizes[i - 1] + int(bias)) * sizes[i]
    return total


def widest(inputs, outputs, budget):
    h = 0
    while count_parameters([inputs, h + 1, outputs]) <= budget:
        h += 1
    return h
# %% turn-answer
def turning_epoch(losses, tail=3, tolerance=0.0):
    losses = [float(value) for value in losses]
    epoch = losses.index(min(losses)) + 1
    if len(losses) - epoch < tail:
        return None
    return epoch if sum(losses[-tail:]) / tail - min(losses) > tolerance else None


def smallest_overfitting(curves, tail=3, tolerance=0.0):
    for size in sorted(curves):
        if turning_epoch(curves[size], tail=tail, tolerance=tolerance):
            return size
# %% bigger-answer
def train_bigger(x, y, x_val, y_val, seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((196,))
    hidden = layers.Dense(256, activation="relu")(inputs)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(hidden))
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=100, epochs=20, verbose=0, validation_data=(x_val, y_val), validation_batch_size=400)
    return model
