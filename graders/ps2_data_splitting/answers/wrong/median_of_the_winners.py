# why: The median of the repetitions.
# fails: test_winners_validation_accuracy, test_winners_test_accuracy
# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    val, test = np.asarray(val_correct).mean(axis=1), np.asarray(test_correct).mean(axis=1)
    index = int(np.argmax(val))
    return index, val[index], test[index]


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    rng = np.random.default_rng(seed)
    picked = []
    for _ in range(repeats):
        val = rng.integers(0, 2, size=(n_models, n_val))
        test = rng.integers(0, 2, size=(n_models, n_test))
        picked.append(pick_model(val, test)[1:])
    return tuple(np.median(picked, axis=0))
