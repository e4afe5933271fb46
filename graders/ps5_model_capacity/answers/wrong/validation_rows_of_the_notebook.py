# why: Judges on the validation rows of the notebook, not on those that are passed.
# fails: test_true_labels_are_learnt
# %% labels-answer
def shuffled_copy(labels, rng):
    """The labels in random order; the array `labels` itself does not change."""
    return rng.permutation(labels)


def label_experiment(x, y, x_val, y_val, seed):
    """Accuracies of the same model, trained on true and on shuffled labels.

    Returns:
        {"true": (training accuracy, validation accuracy), "shuffled": (the same two)}
    """
    result = {}
    for name, labels in (("true", y), ("shuffled", shuffled_copy(y, np.random.default_rng(seed)))):
        model = train_small(x, labels, seed)
        result[name] = accuracy(model, x, labels), accuracy(model, x_digits_val, y_digits_val)
    return result


def diagnose(suspect, control, chance, margin=0.05):
    """Say why a validation accuracy is low: "fine", "does not train", "data" or "model"."""
    limit = chance + margin
    if suspect[1] > limit:
        return "fine"
    if not suspect[0] > limit:
        return "does not train"
    return "data" if control[1] > limit else "model"
