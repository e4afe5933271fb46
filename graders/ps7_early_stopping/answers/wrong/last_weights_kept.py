# why: Stops, but keeps the weights of the last epoch: Keras' default.
# fails: test_stands_at_the_turn
# %% turn-answer
def train_and_stop(x, y, x_val, y_val, patience=10, epochs=EPOCHS, seed=SEED):
    model = build_network(seed)
    stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience)
    fit(model, x, y, x_val, y_val, epochs=epochs, callbacks=[stopping])
    return model
