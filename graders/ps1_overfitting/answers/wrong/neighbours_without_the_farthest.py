# why: Takes one neighbour less than asked for where all rows should vote.
# fails: test_measures_training_accuracy, test_measures_held_out_accuracy
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    accuracies = []
    for k in ks:
        judge = KNeighborsClassifier(min(int(k), len(x_train) - 1)).fit(x_train, y_train)
        accuracies.append([judge.score(x_train, y_train), judge.score(x_test, y_test)])
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
