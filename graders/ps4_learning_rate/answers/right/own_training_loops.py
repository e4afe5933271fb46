# why: Batches and steps written out: train_on_batch in the sweep, plain gradient descent in NumPy in the budget.
# %% step-answer
def gradient_step(x, y, w, b, rate):
    columns = np.column_stack([x, np.ones(len(x))])
    theta = np.append(w, b)
    theta = theta - rate * 2 / len(x) * columns.T @ (columns @ theta - y)
    return theta[:-1], theta[-1]
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        net = new_network(seed)
        net.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        losses = []
        for _ in range(epochs):
            order, total = np.random.permutation(len(x)), 0.0
            for first in range(0, len(x), BATCH_SIZE):
                rows = order[first : first + BATCH_SIZE]
                net.reset_metrics()
                total += float(net.train_on_batch(x[rows], y[rows])) * len(rows)
            losses.append(total / len(x))
        guess = net.predict(x_val, verbose=0).argmax(axis=1)
        results[rate] = {"losses": losses, "accuracy": np.mean(guess == y_val)}
    return results
# %% budget-answer
def train_in_budget(x, y, seed=SEED):
    model = new_network(seed)
    rng = np.random.default_rng(seed)
    w1, b1, w2, b2 = model.get_weights()
    for _ in range(BUDGET):
        order = rng.permutation(len(x))
        for first in range(0, len(x), 10):
            rows = order[first : first + 10]
            h = np.maximum(x[rows] @ w1 + b1, 0)
            z = h @ w2 + b2
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(rows)), y[rows]] -= 1
            p /= len(rows)
            dh = p @ w2.T * (h > 0)
            w2 -= 0.1 * h.T @ p
            b2 -= 0.1 * p.sum(axis=0)
            w1 -= 0.1 * x[rows].T @ dh
            b1 -= 0.1 * dh.sum(axis=0)
    model.set_weights([w1, b1, w2, b2])
    return model
