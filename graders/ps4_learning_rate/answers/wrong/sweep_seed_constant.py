# why: SEED instead of the argument.
# fails: test_every_rate_starts_from_the_same_weights
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    curves = {}
    for rate in rates:
        model = new_network(SEED)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        curves[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return curves
