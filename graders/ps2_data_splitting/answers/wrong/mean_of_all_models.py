# why: The validation accuracies of all models are averaged, instead of taking the winner's.
# fails: test_winners_validation_accuracy, test_winners_test_accuracy
# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    val_accuracy = np.mean(val_correct, axis=1)
    index = int(np.argmax(val_accuracy))
    return index, float(val_accuracy[index]), float(np.mean(test_correct[index]))



def measure_optimism(n_models, n_val, n_test, repeats, seed):
    rng = np.random.default_rng(seed)
    val_correct = rng.integers(0, 2, size=(repeats, n_models, n_val))
    test_correct = rng.integers(0, 2, size=(repeats, n_models, n_test))
    return float(val_correct.mean()), float(test_correct.mean())
