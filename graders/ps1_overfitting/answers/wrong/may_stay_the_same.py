# why: The new label is drawn from all classes, so some labels are changed into themselves.
# fails: test_changes_an_exact_number_of_labels
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    rows = rng.choice(len(flipped), size=round(rate * len(flipped)), replace=False)
    flipped[rows] = rng.integers(0, classes, size=len(rows))
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
