# why: The draw by shares squares the held-out shares instead of multiplying the two parts' shares.
# fails: test_draws_by_training_shares, test_classes_that_one_part_lacks
# %% heldout-answer
def label_only(train_labels, test_labels):
    names, counts = np.unique(train_labels, return_counts=True)
    test_labels = np.asarray(test_labels)
    test_shares = np.array([np.mean(test_labels == name) for name in names])
    return float(test_shares[counts.argmax()]), float(((np.unique(test_labels, return_counts=True)[1] / len(test_labels)) ** 2).sum())
