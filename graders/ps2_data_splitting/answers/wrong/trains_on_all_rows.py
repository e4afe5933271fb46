# why: Every fold trains on all rows, its validation rows among them.
# fails: test_trains_on_all_other_rows
# %% kfold-answer
def k_fold(rows, k):
    return [(np.asarray(rows), val) for val in np.array_split(rows, k)]
