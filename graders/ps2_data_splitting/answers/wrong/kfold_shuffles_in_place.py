# why: The rows that were given are shuffled, with a fixed seed.
# fails: test_uses_the_given_row_numbers
# %% kfold-answer
def k_fold(rows, k):
    rows = np.asarray(rows)
    np.random.default_rng(0).shuffle(rows)
    folds = np.array_split(np.asarray(rows), k)
    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
