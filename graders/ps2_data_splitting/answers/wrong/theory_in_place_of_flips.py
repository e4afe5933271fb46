# why: The exact expectations are returned, and no coin is flipped.
# fails: test_winners_validation_accuracy, test_winners_test_accuracy
# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    val_accuracy = np.mean(val_correct, axis=1)
    index = int(np.argmax(val_accuracy))
    return index, float(val_accuracy[index]), float(np.mean(test_correct[index]))


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    below = np.cumsum([math.comb(n_val, j) / 2**n_val for j in range(n_val)])
    return float(np.sum(1 - below**n_models) / n_val), 0.5
    rng = np.random.default_rng(seed)
    picked = []
    for _ in range(repeats):
        val_correct = rng.integers(0, 2, size=(n_models, n_val))
        test_correct = rng.integers(0, 2, size=(n_models, n_test))
        picked.append(pick_model(val_correct, test_correct)[1:])
    val_accuracy, test_accuracy = np.mean(picked, axis=0)
    return float(val_accuracy), float(test_accuracy)
