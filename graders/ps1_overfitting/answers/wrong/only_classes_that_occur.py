# why: Changes labels only into classes that occur among them.
# fails: test_reaches_all_other_classes
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    names = np.unique(flipped)
    for row in rng.choice(len(flipped), size=round(rate * len(flipped)), replace=False):
        flipped[row] = rng.choice(names[names != flipped[row]])
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
