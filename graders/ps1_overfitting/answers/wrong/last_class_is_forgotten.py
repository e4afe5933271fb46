# why: The offsets stop one too early, so that the class just before a label is never reached.
# fails: test_reaches_all_other_classes
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    rows = rng.choice(len(flipped), size=round(rate * len(flipped)), replace=False)
    flipped[rows] = (flipped[rows] + rng.integers(1, max(2, classes - 1), size=len(rows))) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
