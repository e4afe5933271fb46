# why: fit gets no epochs, and so trains for one.
# fails: test_good_rate_wins_by_far, test_one_loss_for_each_epoch
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
