# why: Where no confidence is given, 0.9 is taken.
# fails: test_lower_bound_is_exact_and_one_sided, test_decides_by_the_lower_bound
# %% bound-answer
def p_value(correct, n, baseline):
    right, wrong = math.log(baseline), math.log1p(-baseline)
    return min(1.0, math.fsum(
        math.exp(
            math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * right + (n - i) * wrong
        )
        for i in range(correct, n + 1)
    ))


def lower_bound(correct, n, confidence=0.9):
    if correct == 0:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if p_value(correct, n, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def really_beats(correct, n, baseline, confidence=0.9):
    return lower_bound(correct, n, confidence) > baseline
