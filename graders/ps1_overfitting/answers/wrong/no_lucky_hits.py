# why: Forgets that a wrong label can hit the true class by chance.
# fails: test_expects_the_right_accuracy
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    rows = rng.choice(len(flipped), size=round(rate * len(flipped)), replace=False)
    flipped[rows] = (flipped[rows] + rng.integers(1, classes, size=len(rows))) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate)
