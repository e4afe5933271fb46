# why: The right form, made-up numbers.
# fails: test_good_rate_wins_by_far, test_every_rate_gets_a_fresh_network, test_every_rate_starts_from_the_same_weights, test_one_loss_for_each_epoch, test_accuracy_is_that_of_validation_rows
# %% sweep-answer
def sweep(x, y, x_val, y_val, rates, epochs=EPOCHS, seed=SEED):
    return {rate: {"losses": [2.3] * epochs, "accuracy": 0.0} for rate in rates}
