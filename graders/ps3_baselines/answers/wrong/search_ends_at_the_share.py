# why: The interval that is halved ends at the measured share, but at a low confidence the bound lies above it.
# fails: test_lower_bound_is_exact_and_one_sided
# %% bound-answer
def p_value(correct, n, baseline):
    from scipy.stats import binom

    return float(binom.sf(correct - 1, n, baseline))


def lower_bound(correct, n, confidence=0.95):
    if correct == 0:
        return 0.0
    low, high = 0.0, correct / n
    for _ in range(30):
        middle = (low + high) / 2
        if p_value(correct, n, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def really_beats(correct, n, baseline, confidence=0.95):
    return bool(lower_bound(correct, n, confidence) > baseline)
