# why: Plain gradient descent in place of RMSprop: its rates have another scale.
# fails: test_good_rate_wins_by_far, test_one_loss_for_each_epoch
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.SGD(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
