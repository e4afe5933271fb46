# why: The network has no softmax at its end: its outputs are no probabilities.
# fails: test_learns_no_wrong_labels_by_heart
# %% rare-answer
def balanced_accuracy(labels, predictions):
    return float(np.mean([np.mean(predictions[labels == name] == name) for name in np.unique(labels)]))


def train_eight_finder(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(2),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, batch_size=64, epochs=15, class_weight={0: 1.0, 1: 1.5}, verbose=0)
    return model
