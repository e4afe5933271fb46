# why: The default of the margin is 0.1, not 0.05.
# fails: test_four_diagnoses
# %% labels-answer
def shuffled_copy(labels, rng):
    return rng.permutation(labels)


def label_experiment(x, y, x_val, y_val, seed):
    result = {}
    for name, labels in (("true", y), ("shuffled", shuffled_copy(y, np.random.default_rng(seed)))):
        model = train_small(x, labels, seed)
        result[name] = accuracy(model, x, labels), accuracy(model, x_val, y_val)
    return result


def diagnose(suspect, control, chance, margin=0.1):
    limit = chance + margin
    if suspect[1] > limit:
        return "fine"
    if not suspect[0] > limit:
        return "does not train"
    return "data" if control[1] > limit else "model"
