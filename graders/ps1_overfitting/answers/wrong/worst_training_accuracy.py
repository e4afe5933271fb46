# why: A row underfits where its training accuracy is far below the best training accuracy before it.
# fails: test_names_what_underfits
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    accuracies = []
    for k in ks:
        judge = KNeighborsClassifier(int(k), algorithm="kd_tree").fit(x_train, y_train)
        accuracies.append([judge.score(x_train, y_train), judge.score(x_test, y_test)])
    return np.array(accuracies)


def diagnose(accuracies, tolerance):
    best = accuracies[0][1]
    words = []
    for training, held_out in accuracies:
        if training - held_out > tolerance:
            words.append("overfits")
        else:
            words.append("underfits" if best - held_out > tolerance else "fits")
    return words
