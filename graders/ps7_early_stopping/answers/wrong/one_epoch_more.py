# why: Trains for one epoch more than `epochs`.
# fails: test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    fit(
        model,
        x,
        y,
        x_val,
        y_val,
        epochs + 1,
        [keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience, restore_best_weights=True)],
    )
    return model
