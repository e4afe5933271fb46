# why: finds the turn, then trains a fresh network on training and validation rows together
# fails: test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    curve = fit(build_network(seed), x, y, x_val, y_val, epochs)["val_loss"]
    _, best = early_stop(curve, patience)
    model = build_network(seed)
    fit(model, np.concatenate([x, x_val]), np.concatenate([y, y_val]), x_val, y_val, best)
    return model
