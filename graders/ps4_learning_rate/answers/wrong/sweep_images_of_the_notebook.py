# why: The accuracy is that of the notebook's validation images, whatever is given: y_val alone is used.
# fails: test_accuracy_is_that_of_validation_rows
# %% sweep-answer
def sweep(x, y, x_validation, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
