# why: The best held-out accuracy among the rows before.
# fails: test_names_what_underfits
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    result = []
    for k in ks:
        judge = KNeighborsClassifier(n_neighbors=k)
        judge.fit(x_train, y_train)
        result.append([judge.score(x_train, y_train), judge.score(x_test, y_test)])
    return np.array(result)


def diagnose(accuracies, tolerance):
    words, best = [], 0
    for train, held_out in accuracies:
        best = max(best, held_out)
        if train - held_out > tolerance:
            words.append("overfits")
        elif best - held_out > tolerance:
            words.append("underfits")
        else:
            words.append("fits")
    return words
