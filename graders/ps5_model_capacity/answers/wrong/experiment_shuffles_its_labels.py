# why: The labels that are passed are shuffled in place for the second training.
# fails: test_true_labels_are_learnt
# %% labels-answer
def shuffled_copy(labels, rng):
    return rng.permutation(labels)


def label_experiment(x, y, x_val, y_val, seed):
    model = train_small(x, y, seed)
    true = accuracy(model, x, y), accuracy(model, x_val, y_val)
    np.random.default_rng(seed).shuffle(y)
    model = train_small(x, y, seed)
    return {"true": true, "shuffled": (accuracy(model, x, y), accuracy(model, x_val, y_val))}


def diagnose(suspect, control, chance, margin=0.05):
    limit = chance + margin
    if suspect[1] > limit:
        return "fine"
    if not suspect[0] > limit:
        return "does not train"
    return "data" if control[1] > limit else "model"
