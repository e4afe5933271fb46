# why: Array arithmetic; Keras' own callback plays the curve of exercise 1; the student's callback trains; a whole model is kept as a clone.
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    class Fake:
        stop_training = False

    stopper = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience, min_delta=min_delta, mode="min")
    stopper.set_model(Fake())
    stopper.on_train_begin()
    for epoch, loss in enumerate(losses):
        stopper.on_epoch_end(epoch, {"val_loss": loss})
        if stopper.model.stop_training:
            break
    return np.array([epoch + 1, stopper.best_epoch + 1])
# %% smooth-answer
import pandas as pd


def trailing_mean(values, window):
    return pd.Series(values).rolling(window, min_periods=1).mean()
# %% price-answer
def price(curves, rule):
    results = np.array([rule(curve) for curve in curves])
    found = np.array([curve[best - 1] for curve, (_, best) in zip(curves, results)])
    return results[:, 0].mean(), np.mean(found - [np.min(curve) for curve in curves])
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best_epoch, self.best, self.copy = -1, float("inf"), None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.best:
            self.best_epoch, self.best = epoch, logs["val_loss"]
            self.copy = keras.models.clone_model(self.model)
            self.copy.set_weights(self.model.get_weights())
        self.model.stop_training = epoch - self.best_epoch >= self.patience

    def on_train_end(self, logs=None):
        if self.copy is not None:
            self.model.set_weights(self.copy.get_weights())
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    fit(model, x, y, x_val, y_val, epochs, [RestoreBest(patience)])
    return model
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    inside = np.asarray(row_losses)[:, list(stopping_rows)].mean(axis=1)
    outside = np.delete(row_losses, stopping_rows, axis=1).mean(axis=1)
    t = np.argmin(inside)
    return t + 1, inside[t], outside[t]
