# why: Changes a block of rows that begins at a random place.
# fails: test_generator_picks_the_rows
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    n = len(flipped)
    rows = (rng.integers(n) + np.arange(round(rate * n))) % n
    flipped[rows] = (flipped[rows] + rng.integers(1, classes, size=len(rows))) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
