# why: The last fold takes all rows that are left over.
# fails: test_folds_are_of_even_size
# %% kfold-answer
def k_fold(rows, k):
    rows = np.asarray(rows)
    size = len(rows) // k
    folds = []
    for i in range(k):
        end = (i + 1) * size if i < k - 1 else len(rows)
        folds.append((np.concatenate([rows[: i * size], rows[end:]]), rows[i * size : end]))
    return folds
