# why: Asks `not best` where no loss was seen yet, and takes a loss of 0 for that.
# fails: test_callback_stops
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best, self.kept, self.waited = None, None, 0

    def on_epoch_end(self, epoch, logs=None):
        loss = logs["val_loss"]
        if not self.best or loss < self.best:
            self.best, self.kept, self.waited = loss, self.model.get_weights(), 0
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.kept)
