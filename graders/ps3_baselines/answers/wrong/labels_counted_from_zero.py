# why: Classes are taken to be numbers from 0 on: the commonest is looked up with bincount of their places.
# fails: test_commonest_training_class_is_judged_on_held_out_rows, test_classes_that_one_part_lacks
# %% heldout-answer
def label_only(train_labels, test_labels):
    names, counts = np.unique(train_labels, return_counts=True)
    test_labels = np.asarray(test_labels)
    test_shares = np.array([np.mean(test_labels == name) for name in names])
    return float(np.mean(test_labels == counts.argmax())), float(counts @ test_shares / counts.sum())
