# why: Recursion, sliding windows with NaN, data frames; a callback that asks exercise 1 and keeps tensors.
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    def go(epoch, best):
        if epoch == len(losses):
            return np.int64(epoch), np.int64(best + 1)
        if losses[epoch] < losses[best] - min_delta:
            return go(epoch + 1, epoch)
        if epoch - best >= max(1, patience):
            return np.int64(epoch + 1), np.int64(best + 1)
        return go(epoch + 1, best)

    return go(1, 0)
# %% smooth-answer
def trailing_mean(values, window):
    padded = np.concatenate([np.full(window - 1, np.nan), np.asarray(values, dtype=float)])
    return np.nanmean(np.lib.stride_tricks.sliding_window_view(padded, window), axis=-1)
# %% price-answer
import pandas as pd


def price(curves, rule):
    rows = []
    for curve in curves:
        last, best = rule(curve)
        series = pd.Series(list(curve), dtype=float)
        rows.append({"epochs": last, "regret": series.iloc[int(best) - 1] - series.min()})
    return tuple(pd.DataFrame(rows).mean()[["epochs", "regret"]])
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.losses, self.copies = [], []

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append((logs or {}).get("val_loss"))
        last, best = early_stop(self.losses + [np.nan], self.patience)
        if best == len(self.losses):
            self.copies = [keras.ops.copy(v.value) for v in self.model.variables]
        if last == len(self.losses):
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        for variable, value in zip(self.model.variables, self.copies):
            variable.assign(value)
# %% leak-answer
import pandas as pd


def stop_and_report(row_losses, stopping_rows):
    frame = pd.DataFrame(row_losses, index=range(1, len(row_losses) + 1))
    decides = frame.loc[:, list(stopping_rows)]
    epoch = decides.mean(axis=1).idxmin()
    fresh = frame.drop(columns=list(stopping_rows)).loc[epoch].mean()
    return epoch, decides.loc[epoch].mean(), fresh
