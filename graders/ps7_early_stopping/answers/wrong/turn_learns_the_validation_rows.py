# why: The validation rows are training rows, too.
# fails: test_stands_at_the_turn, test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    stopping = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    fit(model, np.concatenate([x, x_val]), np.concatenate([y, y_val]), x_val, y_val, epochs=epochs, callbacks=[stopping])
    return model
