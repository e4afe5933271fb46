# why: The coins come from the notebook's SEED, not from the argument.
# fails: test_winners_validation_accuracy, test_winners_test_accuracy
# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    val_accuracy = np.mean(val_correct, axis=1)
    index = int(np.argmax(val_accuracy))
    return index, float(val_accuracy[index]), float(np.mean(test_correct[index]))


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    rng = np.random.default_rng(SEED)
    picked = []
    for _ in range(repeats):
        val_correct = rng.integers(0, 2, size=(n_models, n_val))
        test_correct = rng.integers(0, 2, size=(n_models, n_test))
        picked.append(pick_model(val_correct, test_correct)[1:])
    val_accuracy, test_accuracy = np.mean(picked, axis=0)
    return float(val_accuracy), float(test_accuracy)
