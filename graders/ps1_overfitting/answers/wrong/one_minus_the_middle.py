# why: One minus the chance of the middle: small p-values are lost to rounding.
# fails: test_p_values_of_positive_words, test_p_values_of_thousands_of_reviews
# %% words-answer
def chance_p_value(positive, total):
    k, n = int(positive), int(total)
    far = abs(2 * k - n)
    return 1 - sum(math.comb(n, j) for j in range(n + 1) if abs(2 * j - n) < far) / 2**n


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
