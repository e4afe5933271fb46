# why: Every word has the p-value 1.
# fails: test_p_values_of_positive_words, test_p_values_of_negative_words, test_p_value_is_one_without_evidence, test_p_values_of_thousands_of_reviews
# %% words-answer
def chance_p_value(positive, total):
    k, n = int(positive), int(total)
    far = abs(2 * k - n)
    return 1.0


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
