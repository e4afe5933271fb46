# why: Rounds one half up, where round() goes to the even number.
# fails: test_changes_an_exact_number_of_labels
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    rows = rng.choice(len(flipped), size=int(rate * len(flipped) + 0.5), replace=False)
    flipped[rows] = (flipped[rows] + rng.integers(1, classes, size=len(rows))) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
