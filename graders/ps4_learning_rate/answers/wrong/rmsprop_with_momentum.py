# why: RMSprop with a momentum that nobody asked for.
# fails: test_good_rate_wins_by_far
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate, momentum=0.9), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
