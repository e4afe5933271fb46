# why: The training numbers are sorted in place on the way to the median.
# fails: test_errors_are_measured_on_test_rows
# %% regression-answer
def best_constants(y_train, y_test):
    y_train.sort()
    y_test = np.asarray(y_test)
    mean, median = float(np.mean(y_train)), float(np.median(y_train))
    return {
        "squared": (mean, float(np.mean((y_test - mean) ** 2))),
        "absolute": (median, float(np.mean(np.abs(y_test - median)))),
    }
