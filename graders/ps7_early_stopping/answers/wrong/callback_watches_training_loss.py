# why: Watches the training loss, which only falls.
# fails: test_callback_stops, test_best_weights_after_a_stop, test_best_weights_without_a_stop, test_second_training_starts_afresh
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best_loss, self.best_weights, self.waited = np.inf, None, 0

    def on_epoch_end(self, epoch, logs=None):
        if logs["loss"] < self.best_loss:
            self.best_loss, self.best_weights, self.waited = logs["loss"], self.model.get_weights(), 0
        else:
            self.waited += 1
            if self.waited >= self.patience:
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.best_weights)
