# why: The true labels are learnt on the validation rows too.
# fails: test_true_labels_are_learnt, test_shuffled_labels_do_not_carry_over
# %% labels-answer
def shuffled_copy(labels, rng):
    return rng.permutation(labels)


def label_experiment(x, y, x_val, y_val, seed):
    shuffled = shuffled_copy(y, np.random.default_rng(seed))
    both = train_small(np.concatenate([x, x_val]), np.concatenate([y, y_val]), seed)
    model = train_small(x, shuffled, seed)
    return {
        "true": (accuracy(both, x, y), accuracy(both, x_val, y_val)),
        "shuffled": (accuracy(model, x, shuffled), accuracy(model, x_val, y_val)),
    }


def diagnose(suspect, control, chance, margin=0.05):
    limit = chance + margin
    if suspect[1] > limit:
        return "fine"
    if not suspect[0] > limit:
        return "does not train"
    return "data" if control[1] > limit else "model"
