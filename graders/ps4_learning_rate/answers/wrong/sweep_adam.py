# why: Adam instead of RMSprop.
# fails: test_good_rate_wins_by_far
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    curves = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        curves[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return curves
