# why: Gradients by TensorFlow, powers of a matrix, a network that is cloned and evaluated by Keras; large rate and batches.
# %% step-answer
import tensorflow as tf


def gradient_step(x, y, w, b, rate):
    weights, bias = tf.Variable(w, dtype="float64"), tf.Variable(b, dtype="float64")
    with tf.GradientTape() as tape:
        predicted = tf.linalg.matvec(tf.cast(x, "float64"), weights) + bias
        loss = tf.reduce_mean((predicted - tf.cast(y, "float64")) ** 2)
    slope_w, slope_b = tape.gradient(loss, [weights, bias])
    return weights - rate * slope_w, bias - rate * slope_b
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.norm(hessian, 2)
    return 2 / steepest if steepest else np.array(np.inf)


def descent_path(hessian, start, rate, steps):
    once = np.eye(len(start)) - rate * np.asarray(hessian)
    return np.stack([np.linalg.matrix_power(once, t) @ start for t in range(steps + 1)])
# %% diagnose-answer
def diagnose(start, losses):
    relative = np.array(losses) / start
    bad = ~np.isfinite(relative)
    answers = ["too large", "suitable", "too large", "too large", "too small"]
    if bad.any():
        return answers[0]
    rules = [False, np.median(relative[-5:]) <= 0.5, relative.max() > 1.5, np.median(abs(np.diff(relative))) > 0.1, True]
    return answers[int(np.argmax(rules))]
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    original, found = new_network(seed), {}
    for rate in rates:
        keras.utils.set_random_seed(seed + 1)
        model = keras.models.clone_model(original)
        model.set_weights(original.get_weights())
        model.compile(keras.optimizers.RMSprop(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        record = model.fit(x, y, BATCH_SIZE, epochs, verbose=0)
        found[rate] = dict(losses=tuple(record.history["loss"]), accuracy=model.evaluate(x_val, y_val, verbose=0)[1])
    return found
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return int(np.ceil(rows / batch_size)) * epochs


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    means = np.array([rng.choice(gradients, batch_size).mean(axis=0) for _ in range(draws)])
    return np.linalg.norm(means - gradients.mean(axis=0)) / np.sqrt(draws)
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    model.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=64, epochs=BUDGET, verbose=0)
    return model
