# why: Trains to the end, without any stopping.
# fails: test_stands_at_the_turn, test_validation_rows_decide
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    fit(model, x, y, x_val, y_val, epochs=epochs)
    return model
