# why: Held-out labels are turned into the type of the training labels, which cuts longer texts short.
# fails: test_classes_that_one_part_lacks
# %% heldout-answer
def label_only(train_labels, test_labels):
    names, counts = np.unique(train_labels, return_counts=True)
    test = np.asarray(test_labels).astype(names.dtype)
    p = counts / counts.sum()
    q = np.array([np.mean(test == name) for name in names])
    return float(q[p.argmax()]), float(p @ q)
