# why: Works on the array that was given.
# fails: test_leaves_the_given_labels_alone
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.asarray(labels)
    rows = rng.choice(len(flipped), size=round(rate * len(flipped)), replace=False)
    flipped[rows] = (flipped[rows] + rng.integers(1, classes, size=len(rows))) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
