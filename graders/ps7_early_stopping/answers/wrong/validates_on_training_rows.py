# why: Hands over the training rows as validation rows.
# fails: test_stands_at_the_turn, test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience, restore_best_weights=True)
    fit(model, x, y, x, y, epochs=epochs, callbacks=[stopping])
    return model
