# why: Functional models, two narrow layers, and loops instead of array arithmetic.
# %% penalty-answer
def weight_penalty(weights, l1=0.0, l2=0.0):
    total = 0.0
    for array in weights:
        if len(array.shape) == 1:
            continue
        for w in array.ravel().tolist():
            total += l1 * abs(w) + l2 * w * w
    return total
# %% gradient-answer
def penalty_gradient(weights, l1=0.0, l2=0.0):
    out = []
    for array in weights:
        g = np.zeros(array.shape)
        if array.ndim >= 2:
            g[array > 0] += l1
            g[array < 0] -= l1
            g += 2 * l2 * array
        out.append(g)
    return tuple(out)
# %% dropout-answer
def dropout(values, rate, rng, training=True):
    if training:
        mask = (rng.random(values.shape) >= rate).astype("float32")
        return (values * mask / (1.0 - rate)).astype("float32")
    return values
# %% small-answer
def turning_point(losses, every=1):
    lowest, where = float("inf"), 0
    for i, loss in enumerate(losses):
        if loss < lowest:
            lowest, where = loss, i
    return [(where + 1) * every, losses[len(losses) - 1] - lowest]


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((196,))
    h = layers.Dense(16, activation="relu")(inputs)
    h = layers.Dense(16, activation="relu")(h)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(h))
    fit(model, x, y, epochs)
    return model
# %% penalised-answer
def train_penalised_network(x, y, l1, l2, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    price = {"class_name": "L1L2", "config": {"l1": l1, "l2": l2}}
    inputs = keras.Input((196,))
    h = inputs
    for _ in range(2):
        h = layers.Dense(128, kernel_regularizer=price)(h)
        h = layers.Activation("relu")(h)
    model = keras.Model(inputs, layers.Softmax()(layers.Dense(10)(h)))
    fit(model, x, y, epochs)
    return model


def plain_cross_entropy(model, x, y):
    total = 0.0
    for row, label in zip(model.predict(x, verbose=0), y):
        total -= np.log(max(row[label], 1e-7))
    return total / len(y)
# %% drop-model-answer
def train_dropout_network(x, y, rate=0.5, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((196,))
    h = inputs
    for _ in range(2):
        h = layers.Dropout(rate)(layers.Dense(128, activation="relu")(h))
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(h))
    fit(model, x, y, epochs)
    return model
