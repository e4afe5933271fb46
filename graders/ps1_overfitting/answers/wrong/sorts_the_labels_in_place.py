# why: The rows are brought into order in the array that was given.
# fails: test_takes_the_commonest_label_of_each_group
# %% ceiling-answer
def best_possible_accuracy(x, y):
    order = np.lexsort(x.T)
    x[:], y[:] = x[order], y[order]
    groups = {}
    for row, label in zip(np.asarray(x).tolist(), np.asarray(y).tolist()):
        groups.setdefault(tuple(row), []).append(label)
    return sum(max(labels.count(label) for label in set(labels)) for labels in groups.values()) / len(y)


def ambiguous_rows(x, y):
    x, y = np.asarray(x), np.asarray(y)
    twins = (x[:, None] == x[None]).all(axis=2)
    return (twins & (y[:, None] != y[None])).any(axis=1)
