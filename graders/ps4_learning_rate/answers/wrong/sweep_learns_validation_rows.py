# why: Trained on the validation rows as well, and then judged on them.
# fails: test_accuracy_is_that_of_validation_rows, test_one_loss_for_each_epoch
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(np.concatenate([x, x_val]), np.concatenate([y, y_val]), batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
