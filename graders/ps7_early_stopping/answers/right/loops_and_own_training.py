# why: Plain loops and lists; a training loop of its own, epoch by epoch; the callback keeps converted copies.
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best, where, waited, ran = float(losses[0]), 0, 0, 1
    for i, loss in enumerate(list(losses)[1:], start=1):
        ran = i + 1
        if best - loss > min_delta:
            best, where, waited = loss, i, 0
            continue
        waited += 1
        if waited >= max(1, patience):
            break
    return [ran, where + 1]
# %% smooth-answer
def trailing_mean(values, window):
    out = []
    for t in range(len(values)):
        part = list(values[: t + 1])[-window:]
        out.append(sum(part) / len(part))
    return out
# %% price-answer
def price(curves, rule):
    epochs = regret = 0.0
    for curve in curves:
        last, best = rule(curve)
        epochs += last / len(curves)
        regret += (list(curve)[best - 1] - sorted(curve)[0]) / len(curves)
    return [epochs, regret]
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.losses, self.kept = [], []

    def on_epoch_end(self, epoch, logs=None):
        loss = logs.get("val_loss")
        if not self.losses or loss < min(self.losses):
            self.kept = [w.numpy().copy() for w in self.model.weights]
        self.losses.append(loss)
        if len(self.losses) - 1 - self.losses.index(min(self.losses)) >= self.patience:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        for variable, value in zip(self.model.weights, self.kept):
            variable.assign(value)
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    best, kept, waited = np.inf, model.get_weights(), 0
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 100):
            rows = order[start : start + 100]
            model.train_on_batch(x[rows], y[rows])
        p = np.asarray(model(x_val, training=False))[np.arange(len(y_val)), y_val]
        loss = -np.log(np.clip(p, 1e-7, 1)).mean()
        if loss < best:
            best, kept, waited = loss, model.get_weights(), 0
        else:
            waited += 1
            if waited >= patience:
                break
    model.set_weights(kept)
    return model
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    chosen = set(int(i) for i in stopping_rows)
    others = [i for i in range(len(row_losses[0])) if i not in chosen]
    means = [sum(row[i] for i in chosen) / len(chosen) for row in row_losses]
    epoch = means.index(min(means))
    return [epoch + 1, means[epoch], sum(row_losses[epoch][i] for i in others) / len(others)]
