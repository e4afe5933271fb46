# why: The sum stops at the first tiny term, and far below the mean already the first is tiny.
# fails: test_p_value_with_many_rows_or_none_right
# %% bound-answer
def p_value(correct, n, baseline):
    if correct == 0:
        return 1.0
    total = 0.0
    for i in range(correct, n + 1):
        term = math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(baseline) + (n - i) * math.log(1 - baseline))
        if term < 1e-12:
            break
        total += term
    return total


def lower_bound(correct, n, confidence=0.95):
    if correct == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        if p_value(correct, n, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def really_beats(correct, n, baseline, confidence=0.95):
    return bool(lower_bound(correct, n, confidence) > baseline)
