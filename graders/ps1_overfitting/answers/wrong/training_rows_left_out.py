# why: Leaves each training row out when it is judged.
# fails: test_measures_training_accuracy
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    accuracies = []
    for k in ks:
        k = int(k)
        judge = KNeighborsClassifier(k).fit(x_train, y_train)
        others = KNeighborsClassifier(min(k + 1, len(x_train))).fit(x_train, y_train).kneighbors(x_train)[1][:, 1:]
        votes = np.array([np.bincount(y_train[row]).argmax() for row in others])
        accuracies.append([np.mean(votes == y_train), judge.score(x_test, y_test)])
    return np.array(accuracies)


def diagnose(accuracies, tolerance):
    best = max(held_out for _, held_out in accuracies)
    words = []
    for training, held_out in accuracies:
        if training - held_out > tolerance:
            words.append("overfits")
        else:
            words.append("underfits" if best - held_out > tolerance else "fits")
    return words
