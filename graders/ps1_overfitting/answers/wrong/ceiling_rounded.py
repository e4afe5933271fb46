# why: Features rounded to one decimal, as the flowers are.
# fails: test_takes_the_commonest_label_of_each_group, test_finds_ambiguous_rows
# %% ceiling-answer
def _table(x, y):
    _, group = np.unique(np.round(x, 1), axis=0, return_inverse=True)
    _, label = np.unique(np.asarray(y), return_inverse=True)
    group, label = group.ravel(), label.ravel()
    table = np.zeros((group.max() + 1, label.max() + 1), dtype=int)
    np.add.at(table, (group, label), 1)
    return table, group


def best_possible_accuracy(x, y):
    table, _ = _table(x, y)
    return table.max(axis=1).sum() / len(y)


def ambiguous_rows(x, y):
    table, group = _table(x, y)
    return ((table > 0).sum(axis=1) > 1)[group]
