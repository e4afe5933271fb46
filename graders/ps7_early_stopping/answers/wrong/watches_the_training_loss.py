# why: Watches the training loss, which never turns.
# fails: test_stands_at_the_turn, test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    stopping = keras.callbacks.EarlyStopping(monitor="loss", patience=patience, restore_best_weights=True)
    fit(model, x, y, x_val, y_val, epochs=epochs, callbacks=[stopping])
    return model
