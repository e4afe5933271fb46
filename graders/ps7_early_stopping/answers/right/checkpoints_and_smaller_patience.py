# why: A cumulative minimum; convolution; the best weights go to a file; one training an epoch with a patience of its own.
# %% stop-answer
def early_stop(losses, patience, min_delta=0):
    losses = np.nan_to_num(np.asarray(losses, dtype=float), nan=np.inf)
    best = 0
    while True:
        later = np.flatnonzero(losses[best + 1 : best + 1 + max(patience, 1)] < losses[best] - min_delta)
        if not later.size:
            return min(best + 1 + max(patience, 1), len(losses)), best + 1
        best += 1 + int(later[0])
# %% smooth-answer
def trailing_mean(values, window):
    n = len(values)
    kernel = np.ones(window)
    return np.convolve(values, kernel)[:n] / np.convolve(np.ones(n), kernel)[:n]
# %% restore-answer
import pathlib
import tempfile


class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "best.weights.h5"
        self.best, self.left = None, self.patience

    def on_epoch_end(self, epoch, logs=None):
        now = logs["val_loss"]
        if self.best is None or now < self.best:
            self.best, self.left = now, self.patience
            self.model.save_weights(self.path, overwrite=True)
        else:
            self.left -= 1
        if self.left <= 0:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.load_weights(self.path)
        self.folder.cleanup()
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    states, losses = [], []
    for _ in range(epochs):
        losses.append(fit(model, x, y, x_val, y_val, epochs=1)["val_loss"][0])
        states.append(model.get_weights())
        if len(losses) - 1 - int(np.argmin(losses)) >= patience:
            break
    model.set_weights(states[int(np.argmin(losses))])
    return model
