# why: The network is built once, before the loop, so each rate goes on where the last one stopped.
# fails: test_every_rate_gets_a_fresh_network, test_good_rate_wins_by_far
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    model = new_network(seed)
    for rate in rates:
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
