# why: Counts only rows of groups with one label, as if the others were all lost.
# fails: test_takes_the_commonest_label_of_each_group
# %% ceiling-answer
def best_possible_accuracy(x, y):
    groups = {}
    for row, label in zip(np.asarray(x).tolist(), np.asarray(y).tolist()):
        groups.setdefault(tuple(row), []).append(label)
    return sum(len(labels) * (len(set(labels)) == 1) for labels in groups.values()) / len(y)


def ambiguous_rows(x, y):
    x, y = np.asarray(x), np.asarray(y)
    twins = (x[:, None] == x[None]).all(axis=2)
    return (twins & (y[:, None] != y[None])).any(axis=1)
