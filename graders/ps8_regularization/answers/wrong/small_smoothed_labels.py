# why: Holds the small network back by smoothed labels as well.
# fails: test_small_network_overfits_later
# %% small-answer
def turning_point(losses, every=1):
    losses = np.asarray(losses, dtype=float)
    best = int(losses.argmin())
    return (best + 1) * every, float(losses[-1] - losses[best])


def train_small_network(x, y, epochs=EPOCHS, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((196,)), layers.Dense(30, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(0.005), loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.3)
    )
    model.fit(x, keras.utils.to_categorical(y, 10), batch_size=150, epochs=epochs, verbose=0)
    return model
