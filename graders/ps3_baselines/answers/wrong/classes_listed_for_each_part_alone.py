# why: Each part's shares are listed over its own classes, and place by place multiplied.
# fails: test_classes_that_one_part_lacks
# %% heldout-answer
def label_only(train_labels, test_labels):
    names, counts = np.unique(train_labels, return_counts=True)
    test_counts = np.unique(test_labels, return_counts=True)[1]
    test_shares = test_counts / test_counts.sum()
    by_shares = sum(p * q for p, q in zip(counts / counts.sum(), test_shares))
    return float(test_shares[min(counts.argmax(), len(test_shares) - 1)]), float(by_shares)
