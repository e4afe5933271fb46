# why: best loss and weights are reset, the count of bad epochs is not
# fails: test_second_training_starts_afresh
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience
        self.since = 0

    def on_train_begin(self, logs=None):
        self.best, self.kept = None, None

    def on_epoch_end(self, epoch, logs=None):
        loss = logs["val_loss"]
        if self.best is None:
            self.best, self.kept = loss, self.model.get_weights()
        elif loss < self.best:
            self.best, self.kept, self.since = loss, self.model.get_weights(), 0
        else:
            self.since += 1
            if self.since >= self.patience:
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.kept)
