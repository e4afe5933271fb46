# why: The training rows are those of 0 to n - 1 that are not validated, though other rows were given.
# fails: test_uses_the_given_row_numbers
# %% kfold-answer
def k_fold(rows, k):
    return [(np.setdiff1d(np.arange(len(rows)), val), val) for val in np.array_split(rows, k)]
