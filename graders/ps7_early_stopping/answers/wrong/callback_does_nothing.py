# why: All three methods are left empty: the training runs to its end and keeps the last weights.
# fails: test_callback_stops, test_best_weights_after_a_stop, test_best_weights_without_a_stop, test_second_training_starts_afresh
# %% restore-answer
class RestoreBest(keras.callbacks.Callback):

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        pass

    def on_train_end(self, logs=None):
        pass
