# why: The level is divided by another rule than the exercise's: 1 - (1 - alpha) ** (1 / m).
# fails: test_trusts_for_all_words_together
# %% words-answer
def chance_p_value(positive, total):
    k, n = int(positive), int(total)
    far = abs(2 * k - n)
    return sum(math.comb(n, j) for j in range(n + 1) if abs(2 * j - n) >= far) / 2**n


def trusted_words(p_values, alpha=0.05):
    return np.asarray(p_values) <= 1 - (1 - alpha) ** (1 / len(p_values))
