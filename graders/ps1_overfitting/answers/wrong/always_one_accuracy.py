# why: The best possible accuracy is always called 1.
# fails: test_takes_the_commonest_label_of_each_group, test_names_of_classes_do_not_matter
# %% ceiling-answer
def best_possible_accuracy(x, y):
    groups = {}
    for row, label in zip(np.asarray(x).tolist(), np.asarray(y).tolist()):
        groups.setdefault(tuple(row), []).append(label)
    return 1.0


def ambiguous_rows(x, y):
    x, y = np.asarray(x), np.asarray(y)
    twins = (x[:, None] == x[None]).all(axis=2)
    return (twins & (y[:, None] != y[None])).any(axis=1)
