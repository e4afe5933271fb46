# why: A single right answer gets the bound of none: the wrong number ends the search early.
# fails: test_lower_bound_is_exact_and_one_sided
# %% bound-answer
def p_value(correct, n, baseline):
    """Chance of at least `correct` right answers on n rows if the true accuracy is the baseline.

    Args:
        correct: right answers, 0 to n.
        n: rows, up to 20,000.
        baseline: accuracy to beat, between 0 and 1.

    Returns:
        A float.
    """
    right, wrong = math.log(baseline), math.log1p(-baseline)
    return min(1.0, math.fsum(
        math.exp(
            math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * right + (n - i) * wrong
        )
        for i in range(correct, n + 1)
    ))


def lower_bound(correct, n, confidence=0.95):
    """One-sided exact (Clopper-Pearson) lower confidence bound of an accuracy.

    Args:
        correct: right answers, 0 to n.
        n: rows.
        confidence: for instance 0.95.

    Returns:
        A float, 0 if nothing is right.
    """
    if correct == 1:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if p_value(correct, n, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def really_beats(correct, n, baseline, confidence=0.95):
    """Whether the lower bound of the accuracy lies above the baseline.

    Args:
        correct: right answers, 0 to n.
        n: rows.
        baseline: accuracy to beat.
        confidence: for instance 0.95.

    Returns:
        True or False.
    """
    return lower_bound(correct, n, confidence) > baseline
