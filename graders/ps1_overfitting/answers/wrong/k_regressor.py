# why: Mean of the labels, rounded.
# fails: test_measures_training_accuracy, test_measures_held_out_accuracy
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    result = []
    for k in ks:
        from sklearn.neighbors import KNeighborsRegressor
        judge = KNeighborsRegressor(k).fit(x_train, y_train)
        result.append([np.mean(np.rint(judge.predict(x_train)) == y_train), np.mean(np.rint(judge.predict(x_test)) == y_test)])
    return np.array(result)


def diagnose(accuracies, tolerance):
    best = max(held_out for _, held_out in accuracies)
    words = []
    for train, held_out in accuracies:
        if train - held_out > tolerance:
            words.append("overfits")
        elif best - held_out > tolerance:
            words.append("underfits")
        else:
            words.append("fits")
    return words
