# why: The class weights are the wrong way round in a model without hidden layer: better than 'never', but it overlooks half of the eights.
# fails: test_finds_eights, test_learns_no_wrong_labels_by_heart
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
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=32, epochs=40, class_weight={0: 2.0, 1: 1.0}, verbose=0)
    return model
