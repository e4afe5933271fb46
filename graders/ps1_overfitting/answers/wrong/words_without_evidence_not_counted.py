# why: Does not count words with a p-value of 1 among those that were tested.
# fails: test_trusts_for_all_words_together
# %% words-answer
def chance_p_value(positive, total):
    k, n = int(positive), int(total)
    far = abs(2 * k - n)
    return sum(math.comb(n, j) for j in range(n + 1) if abs(2 * j - n) >= far) / 2**n


def trusted_words(p_values, alpha=0.05):
    p = np.asarray(p_values)
    return p <= alpha / max(1, (p < 1).sum())
