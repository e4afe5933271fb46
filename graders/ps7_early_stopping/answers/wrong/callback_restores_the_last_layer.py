# why: Brings back the weights of the last layer only.
# fails: test_best_weights_after_a_stop
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best, self.kept, self.waited = np.inf, None, 0

    def on_epoch_end(self, epoch, logs=None):
        loss = logs["val_loss"]
        if loss < self.best:
            self.best, self.kept, self.waited = loss, self.model.layers[-1].get_weights(), 0
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.layers[-1].set_weights(self.kept)
