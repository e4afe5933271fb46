# why: The mean image is subtracted from the given training images themselves.
# fails: test_every_rate_gets_a_fresh_network
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    result = {}
    x -= x.mean(axis=0)
    x_val = x_val - x_val.mean(axis=0)
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        result[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return result
