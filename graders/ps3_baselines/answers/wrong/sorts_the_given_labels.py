# why: The training labels are sorted in place.
# fails: test_commonest_training_class_is_judged_on_held_out_rows
# %% heldout-answer
def label_only(train_labels, test_labels):
    train_labels.sort()
    names, counts = np.unique(train_labels, return_counts=True)
    test_labels = np.asarray(test_labels)
    test_shares = np.array([np.mean(test_labels == name) for name in names])
    return float(test_shares[counts.argmax()]), float(counts @ test_shares / counts.sum())
