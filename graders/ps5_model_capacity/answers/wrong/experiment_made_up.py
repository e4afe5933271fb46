# why: Accuracies as in the worked example, without any training.
# fails: test_true_labels_are_learnt, test_shuffled_labels_do_not_carry_over
# %% labels-answer
def shuffled_copy(labels, rng):
    return rng.permutation(labels)


def label_experiment(x, y, x_val, y_val, seed):
    return {"true": (1.0, 0.88), "shuffled": (0.9, 0.11)}


def diagnose(suspect, control, chance, margin=0.05):
    limit = chance + margin
    if suspect[1] > limit:
        return "fine"
    if not suspect[0] > limit:
        return "does not train"
    return "data" if control[1] > limit else "model"
