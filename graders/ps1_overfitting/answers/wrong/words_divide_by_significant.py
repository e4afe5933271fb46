# why: Divides by the number of words with p at most alpha.
# fails: test_trusts_for_all_words_together
# %% words-answer
def chance_p_value(positive, total):
    ways = 0
    for j in range(total + 1):
        if abs(2 * j - total) >= abs(2 * positive - total):
            ways += math.comb(total, j)
    return ways / 2**total


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= alpha / max(1, np.sum(np.asarray(p_values) <= alpha))
