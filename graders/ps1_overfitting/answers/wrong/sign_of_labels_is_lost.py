# why: Takes the labels without their sign, so that -2 and 2 are one class.
# fails: test_names_of_classes_do_not_matter
# %% ceiling-answer
def best_possible_accuracy(x, y):
    y = np.asarray(y)
    if y.dtype.kind in "if":
        y = abs(y)
    groups = {}
    for row, label in zip(np.asarray(x).tolist(), y.tolist()):
        groups.setdefault(tuple(row), []).append(label)
    return sum(max(labels.count(label) for label in set(labels)) for labels in groups.values()) / len(y)


def ambiguous_rows(x, y):
    x, y = np.asarray(x), np.asarray(y)
    twins = (x[:, None] == x[None]).all(axis=2)
    return (twins & (y[:, None] != y[None])).any(axis=1)
