# why: Trained on x_train and y_train, whatever is given.
# fails: test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    stopping = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    fit(model, x_train, y_train, x_val, y_val, epochs=epochs, callbacks=[stopping])
    return model
