# why: Rounds down.
# fails: test_changes_an_exact_number_of_labels
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    new = [int(label) for label in labels]
    how_many = int(rate * len(new))
    rows = rng.permutation(len(new))[:how_many]
    for row in rows:
        others = [c for c in range(classes) if c != new[row]]
        new[row] = int(rng.choice(others))
    return np.array(new)


def accuracy_under_noise(accuracy, rate, classes):
    stays_right = accuracy * (1 - rate)
    gets_lucky = (1 - accuracy) * rate / (classes - 1)
    return stays_right + gets_lucky
