# why: The batch size is left to Keras, which takes 32 rows.
# fails: test_one_loss_for_each_epoch
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    results = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, epochs=epochs, verbose=0)
        results[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return results
