# why: Powers and binomial coefficients are multiplied as floats: for thousands of rows they overflow.
# fails: test_p_value_with_many_rows_or_none_right
# %% bound-answer
def tail(correct, n, p):
    right, wrong = math.log(p), math.log1p(-p)
    return min(1.0, sum(
        math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * right + (n - i) * wrong)
        for i in range(correct, n + 1)
    ))


def p_value(correct, n, baseline):
    return sum(math.comb(n, i) * baseline**i * (1 - baseline) ** (n - i) for i in range(correct, n + 1))


def lower_bound(correct, n, confidence=0.95):
    if correct == 0:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if tail(correct, n, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def really_beats(correct, n, baseline, confidence=0.95):
    return lower_bound(correct, n, confidence) > baseline
