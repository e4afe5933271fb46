# why: Multiplies each binomial with 0.5 ** n, which fails for thousands of reviews.
# fails: test_p_values_of_thousands_of_reviews
# %% words-answer
def chance_p_value(positive, total):
    k, n = int(positive), int(total)
    far = abs(2 * k - n)
    return sum(math.comb(n, j) * 0.5**n for j in range(n + 1) if abs(2 * j - n) >= far)


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
