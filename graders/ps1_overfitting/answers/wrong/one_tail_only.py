# why: Adds up one tail only.
# fails: test_p_values_of_positive_words, test_p_values_of_thousands_of_reviews
# %% words-answer
def chance_p_value(positive, total):
    k, n = max(positive, total - positive), total
    if 2 * k == n:
        return 1.0
    return sum(math.comb(n, j) for j in range(k, n + 1)) / 2**n


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
