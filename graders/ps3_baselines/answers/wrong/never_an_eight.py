# why: A constant model: it answers 'no' to everything and gets the majority's accuracy.
# fails: test_beats_never_an_eight, test_finds_eights, test_learns_no_wrong_labels_by_heart
# %% rare-answer
def balanced_accuracy(labels, predictions):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    return float(np.mean([np.mean(predictions[labels == name] == name) for name in np.unique(labels)]))


def train_eight_finder(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(24, activation="relu"),
        layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.layers[-1].set_weights([np.zeros((24, 2)), np.array([1.0, 0.0])])
    return model
