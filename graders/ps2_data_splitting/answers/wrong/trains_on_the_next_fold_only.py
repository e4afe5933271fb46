# why: Each fold trains on the fold after it, and the others stay idle.
# fails: test_trains_on_all_other_rows
# %% kfold-answer
def k_fold(rows, k):
    folds = np.array_split(rows, k)
    return [(folds[(i + 1) % k], folds[i]) for i in range(k)]
