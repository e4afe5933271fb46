# why: The median is taken for the squared error as well.
# fails: test_mean_for_squared_errors
# %% regression-answer
def best_constants(y_train, y_test):
    y_test = np.asarray(y_test)
    mean = median = float(np.median(y_train))
    return {
        "squared": (mean, float(np.mean((y_test - mean) ** 2))),
        "absolute": (median, float(np.mean(np.abs(y_test - median)))),
    }
