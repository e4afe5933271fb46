# why: watches the validation accuracy
# fails: test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    fit(model, x, y, x_val, y_val, epochs,
        callbacks=[keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=patience, restore_best_weights=True)])
    return model
