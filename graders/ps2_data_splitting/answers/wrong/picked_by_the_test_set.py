# why: The model is picked by its test accuracy.
# fails: test_picks_by_validation_alone
# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    test_accuracy = np.mean(test_correct, axis=1)
    index = int(np.argmax(test_accuracy))
    return index, float(np.mean(val_correct[index])), float(test_accuracy[index])


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    rng = np.random.default_rng(seed)
    val_best = rng.binomial(n_val, 0.5, size=(repeats, n_models)).max(axis=1) / n_val
    test = rng.binomial(n_test, 0.5, size=repeats) / n_test
    return float(val_best.mean()), float(test.mean())
