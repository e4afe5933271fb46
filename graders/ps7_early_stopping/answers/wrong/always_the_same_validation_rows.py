# why: Uses the notebook's validation rows, whatever it is given.
# fails: test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience, restore_best_weights=True)
    fit(model, x, y, globals()["x_val"], globals()["y_val"], epochs=epochs, callbacks=[stopping])
    return model
