# why: Adds up the upper tail and doubles it: words that are mostly negative get a p-value of 1.
# fails: test_p_values_of_negative_words
# %% words-answer
def chance_p_value(positive, total):
    tail = sum(math.comb(total, j) for j in range(positive, total + 1))
    return min(1.0, 2 * tail / 2**total)


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
