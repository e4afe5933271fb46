# why: The mean is taken for the absolute error as well.
# fails: test_median_for_absolute_errors
# %% regression-answer
def best_constants(y_train, y_test):
    y_test = np.asarray(y_test)
    mean = median = float(np.mean(y_train))
    return {
        "squared": (mean, float(np.mean((y_test - mean) ** 2))),
        "absolute": (median, float(np.mean(np.abs(y_test - median)))),
    }
