# why: The bound is the accuracy minus 1.645 standard errors or the like, which is 0 wide at 0 and 1.
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
    from statistics import NormalDist

    accuracy = correct / n
    return accuracy - NormalDist().inv_cdf(confidence) * math.sqrt(accuracy * (1 - accuracy) / n)


def really_beats(correct, n, baseline, confidence=0.95):
    return lower_bound(correct, n, confidence) > baseline
