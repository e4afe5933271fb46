# why: The training labels that are given are sorted in place.
# fails: test_baseline_from_training_labels
# %% baseline-answer
def baseline_answers(y_train, n):
    """n times the commonest class of the training labels, the smallest of equals; array of shape (n,)."""
    y_train.sort()
    classes, counts = np.unique(y_train, return_counts=True)
    return np.full(n, classes[counts.argmax()])



def sign_test(y, ours, theirs):
    """Compare two models on the rows where exactly one of them is right.

    Args:
        y: labels, shape (n,).
        ours: our model's answers, shape (n,).
        theirs: the other model's answers, shape (n,).

    Returns:
        (only_ours, only_theirs, p): two counts and the probability of at least only_ours wins by luck.
    """
    we, they = np.asarray(ours) == y, np.asarray(theirs) == y
    only_ours, only_theirs = int((we & ~they).sum()), int((they & ~we).sum())
    b = only_ours + only_theirs
    term = total = math.comb(b, only_ours)
    for k in range(only_ours, b):
        term = term * (b - k) // (k + 1)
        total += term
    return only_ours, only_theirs, total / 2**b
