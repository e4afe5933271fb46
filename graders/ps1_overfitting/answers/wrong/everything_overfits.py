# why: Calls every model overfitted.
# fails: test_names_what_overfits, test_names_what_underfits
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    accuracies = []
    for k in ks:
        judge = KNeighborsClassifier(int(k), algorithm="kd_tree").fit(x_train, y_train)
        accuracies.append([judge.score(x_train, y_train), judge.score(x_test, y_test)])
    return np.array(accuracies)


def diagnose(accuracies, tolerance):
    return ["overfits"] * len(accuracies)
