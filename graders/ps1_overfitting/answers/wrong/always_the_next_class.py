# why: Every changed label becomes the next class.
# fails: test_reaches_all_other_classes
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    flipped = np.array(labels)
    rows = rng.choice(len(flipped), size=round(rate * len(flipped)), replace=False)
    flipped[rows] = (flipped[rows] + 1) % classes
    return flipped


def accuracy_under_noise(accuracy, rate, classes):
    return accuracy * (1 - rate) + (1 - accuracy) * rate / (classes - 1)
