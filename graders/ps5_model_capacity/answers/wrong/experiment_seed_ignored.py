# why: SEED instead of the argument.
# fails: test_shuffled_labels_do_not_carry_over
# %% labels-answer
def shuffled_copy(labels, rng):
    return rng.permutation(labels)


def label_experiment(x, y, x_val, y_val, seed):
    y_shuffled = shuffled_copy(y, np.random.default_rng(SEED))
    result = {}
    for name, labels in (("true", y), ("shuffled", y_shuffled)):
        model = train_small(x, labels, SEED)
        result[name] = (accuracy(model, x, labels), accuracy(model, x_val, y_val))
    return result


def diagnose(suspect, control, chance, margin=0.05):
    limit = chance + margin
    if suspect[1] > limit:
        return "fine"
    if suspect[0] <= limit:
        return "does not train"
    return "data" if control[1] > limit else "model"
