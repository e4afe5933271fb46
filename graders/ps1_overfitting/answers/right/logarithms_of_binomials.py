# why: Adds up logarithms of the gamma function.
# %% words-answer
def chance_p_value(positive, total):
    from scipy.special import gammaln, logsumexp
    n = int(total)
    j = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1) - n * math.log(2)
    return float(min(1.0, np.exp(logsumexp(logs[abs(2 * j - n) >= abs(2 * int(positive) - n)]))))


def trusted_words(p_values, alpha=0.05):
    m = len(p_values)
    return np.array([bool(p <= alpha / m) for p in p_values])
