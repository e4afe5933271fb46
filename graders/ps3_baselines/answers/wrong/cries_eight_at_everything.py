# why: No hidden layer, and eights count five times as much: they are found, but the accuracy falls below 'never'.
# fails: test_beats_never_an_eight
# %% rare-answer
def balanced_accuracy(labels, predictions):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    return float(np.mean([np.mean(predictions[labels == name] == name) for name in np.unique(labels)]))


def train_eight_finder(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=32, epochs=20, class_weight={0: 1.0, 1: 5.0}, verbose=0)
    return model
