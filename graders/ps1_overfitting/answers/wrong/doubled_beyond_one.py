# why: Doubles the smaller tail and forgets that an even split is counted twice.
# fails: test_p_value_is_one_without_evidence
# %% words-answer
def chance_p_value(positive, total):
    k = min(positive, total - positive)
    return 2 * sum(math.comb(total, j) for j in range(k + 1)) / 2**total


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / len(p_values)
