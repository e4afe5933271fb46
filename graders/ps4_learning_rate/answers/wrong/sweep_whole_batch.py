# why: One batch of all rows.
# fails: test_every_rate_gets_a_fresh_network, test_one_loss_for_each_epoch
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    curves = {}
    for rate in rates:
        model = new_network(seed)
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="sparse_categorical_crossentropy")
        history = model.fit(x, y, batch_size=len(x), epochs=epochs, verbose=0)
        curves[rate] = {"losses": history.history["loss"], "accuracy": accuracy(model, x_val, y_val)}
    return curves
