# why: Uses the bell curve in place of the exact chances.
# fails: test_p_values_of_positive_words, test_p_values_of_thousands_of_reviews
# %% words-answer
def chance_p_value(positive, total):
    if total == 0:
        return 1.0
    z = abs(2 * positive - total) / math.sqrt(total)
    return math.erfc(z / math.sqrt(2))


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
