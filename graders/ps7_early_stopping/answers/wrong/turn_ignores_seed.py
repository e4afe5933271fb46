# why: the network is always that of SEED
# fails: test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network()
    fit(model, x, y, x_val, y_val, epochs, callbacks=[RestoreBest(patience)])
    return model
