# why: np.bincount wants labels 0, 1, 2.
# fails: test_names_of_classes_do_not_matter
# %% ceiling-answer
def best_possible_accuracy(x, y):
    groups = {}
    for row, label in zip(np.asarray(x).tolist(), np.asarray(y).tolist()):
        groups.setdefault(tuple(row), []).append(label)
    return sum(int(np.bincount(labels).max()) for labels in groups.values()) / len(y)


def ambiguous_rows(x, y):
    x, y = np.asarray(x), np.asarray(y)
    twins = (x[:, None] == x[None]).all(axis=2)
    return (twins & (y[:, None] != y[None])).any(axis=1)
