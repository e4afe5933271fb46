# why: The mean is taken over all classes that occur in the labels or the answers.
# fails: test_balanced_accuracy_weighs_classes_alike
# %% rare-answer
def balanced_accuracy(labels, predictions):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    names = np.unique(np.concatenate([labels, predictions]))
    return float(np.mean([np.mean(predictions[labels == name] == name) if (labels == name).any() else 0 for name in names]))


def train_eight_finder(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(24, activation="relu"),
        layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=64, epochs=15, class_weight={0: 1.0, 1: 1.5}, verbose=0)
    return model
