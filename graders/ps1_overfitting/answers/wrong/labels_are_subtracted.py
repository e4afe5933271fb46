# why: Subtracts labels, which text does not allow.
# fails: test_finds_ambiguous_rows
# %% ceiling-answer
def best_possible_accuracy(x, y):
    groups = {}
    for row, label in zip(np.asarray(x).tolist(), np.asarray(y).tolist()):
        groups.setdefault(tuple(row), []).append(label)
    return sum(max(labels.count(label) for label in set(labels)) for labels in groups.values()) / len(y)


def ambiguous_rows(x, y):
    x, y = np.asarray(x), np.asarray(y)
    twins = (x[:, None] == x[None]).all(axis=2)
    return (twins & (abs(y[:, None] - y[None]) > 0)).any(axis=1)
