# why: Shuffles by itself, without a seed.
# fails: test_uses_the_given_row_numbers, test_shuffles_anew_by_the_seed
# %% kfold-answer
def k_fold(rows, k):
    folds = np.array_split(np.random.permutation(rows), k)
    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
