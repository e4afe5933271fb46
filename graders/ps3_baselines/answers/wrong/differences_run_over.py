# why: The middle row keeps its small integer type, and differences from it run over.
# fails: test_errors_are_measured_on_test_rows
# %% regression-answer
def best_constants(y_train, y_test):
    a, b = np.mean(y_train), np.sort(y_train)[len(y_train) // 2]
    return {"squared": (a, np.mean((y_test - a) ** 2)), "absolute": (b, np.mean(np.abs(y_test - b)))}
