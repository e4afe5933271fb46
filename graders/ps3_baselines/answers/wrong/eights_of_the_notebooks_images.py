# why: It is trained on the notebook's images, whatever images it is given.
# fails: test_finds_eights
# %% rare-answer
def balanced_accuracy(labels, predictions):
    return float(np.mean([np.mean(predictions[labels == name] == name) for name in np.unique(labels)]))


def train_eight_finder(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((196,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x_train, y, batch_size=64, epochs=15, class_weight={0: 1.0, 1: 1.5}, verbose=0)
    return model
