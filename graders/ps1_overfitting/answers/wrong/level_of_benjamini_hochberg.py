# why: Controls the share of false discoveries: the k-th smallest p-value may be k times as large.
# fails: test_trusts_for_all_words_together
# %% words-answer
def chance_p_value(positive, total):
    k, n = int(positive), int(total)
    far = abs(2 * k - n)
    return sum(math.comb(n, j) for j in range(n + 1) if abs(2 * j - n) >= far) / 2**n


def trusted_words(p_values, alpha=0.05):
    p = np.asarray(p_values)
    ranked = np.sort(p)
    below = np.flatnonzero(ranked <= alpha * np.arange(1, len(p) + 1) / len(p))
    return p <= (ranked[below[-1]] if len(below) else -1)
