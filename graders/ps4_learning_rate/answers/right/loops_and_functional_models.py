# why: Plain loops, counters and functional models; Adam in place of RMSprop in the budget.
# %% step-answer
def gradient_step(x, y, w, b, rate):
    n, d = len(x), len(w)
    slope_w, slope_b = [0.0] * d, 0.0
    for i in range(n):
        error = sum(x[i][j] * w[j] for j in range(d)) + b - y[i]
        for j in range(d):
            slope_w[j] += 2 * error * x[i][j] / n
        slope_b += 2 * error / n
    return [w[j] - rate * slope_w[j] for j in range(d)], b - rate * slope_b
# %% valley-answer
def largest_rate(hessian):
    largest = max(np.linalg.eigvalsh(hessian))
    if largest <= 0:
        return np.inf
    return 2 / largest


def descent_path(hessian, start, rate, steps):
    path = np.zeros((steps + 1, len(start)))
    path[0] = start
    for t in range(steps):
        for i in range(len(start)):
            path[t + 1, i] = path[t, i] - rate * sum(hessian[i, j] * path[t, j] for j in range(len(start)))
    return path.tolist()
# %% diagnose-answer
import math
import statistics


def diagnose(start, losses):
    losses = [float(loss) for loss in losses]
    if any(math.isnan(loss) or math.isinf(loss) for loss in losses):
        return "too large"
    if statistics.median(losses[-5:]) <= start / 2:
        return "suitable"
    if max(losses) > 1.5 * start:
        return "too large"
    jumps = [abs(b - a) for a, b in zip(losses, losses[1:])]
    return "too large" if statistics.median(jumps) > start / 10 else "too small"
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    initial = new_network(seed).get_weights()
    for rate in rates:
        inputs = keras.Input((196,))
        hidden = layers.Dense(64, activation="relu")(inputs)
        model = keras.Model(inputs, layers.Dense(10, activation="softmax")(hidden))
        model.set_weights(initial)
        model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0, validation_data=(x_val, y_val))
        results[float(rate)] = {"losses": np.array(history.history["loss"]), "accuracy": history.history["val_accuracy"][-1]}
    return results
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    count = 0
    for _ in range(epochs):
        for _ in range(0, rows, batch_size):
            count += 1
    return count


def gradient_noise(gradients, batch_size, draws, seed):
    rng = np.random.default_rng(seed)
    target, total = np.mean(gradients, axis=0), 0.0
    for _ in range(draws):
        rows = rng.choice(len(gradients), size=batch_size, replace=False)
        total += np.sum((np.mean(gradients[rows], axis=0) - target) ** 2)
    return np.sqrt(total / draws)
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    net = new_network(seed)
    net.compile(optimizer=keras.optimizers.Adam(0.004), loss="categorical_crossentropy")
    net.fit(x, keras.utils.to_categorical(y, 10), batch_size=20, epochs=BUDGET, verbose=0)
    return net
