# why: Zero for every batch.
# fails: test_noise_falls_with_the_root_of_the_batch_size, test_rows_that_agree_make_no_noise, test_noise_is_repeatable
# %% batch-answer
def updates(rows, batch_size, epochs=1):
    return -(-rows // batch_size) * epochs


def gradient_noise(gradients, batch_size, draws, seed):
    return 0.0
