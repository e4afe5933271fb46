# why: A few halvings are thought to be enough for the bound.
# fails: test_lower_bound_is_exact_and_one_sided
# %% bound-answer
def p_value(correct, n, baseline):
    right, wrong = math.log(baseline), math.log1p(-baseline)
    return min(1.0, math.fsum(
        math.exp(
            math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * right + (n - i) * wrong
        )
        for i in range(correct, n + 1)
    ))


def lower_bound(correct, n, confidence=0.95):
    if correct == 0:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 2e-2:
        middle = (low + high) / 2
        if p_value(correct, n, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def really_beats(correct, n, baseline, confidence=0.95):
    return lower_bound(correct, n, confidence) > baseline
