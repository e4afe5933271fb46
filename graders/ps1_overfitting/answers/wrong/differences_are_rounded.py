# why: Rounds the differences to two decimals first.
# fails: test_names_what_overfits, test_names_what_underfits
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    accuracies = []
    for k in ks:
        judge = KNeighborsClassifier(int(k), algorithm="kd_tree").fit(x_train, y_train)
        accuracies.append([judge.score(x_train, y_train), judge.score(x_test, y_test)])
    return np.array(accuracies)


def diagnose(accuracies, tolerance):
    best = max(held_out for _, held_out in accuracies)
    return ["overfits" if round(a - b, 2) > tolerance else "underfits" if round(best - b, 2) > tolerance else "fits" for a, b in accuracies]
