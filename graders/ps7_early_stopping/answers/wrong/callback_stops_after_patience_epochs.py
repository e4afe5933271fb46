# why: Stops when `patience` epochs have been run, whatever their losses are.
# fails: test_callback_stops, test_best_weights_after_a_stop, test_best_weights_without_a_stop, test_second_training_starts_afresh
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 >= self.patience:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        pass
