# why: Every label changes with the given probability, so the number of changes is left to chance.
# fails: test_changes_an_exact_number_of_labels
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    change = rng.random(len(flipped)) < rate
    flipped[change] = (flipped[change] + rng.integers(1, classes, size=change.sum())) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
