# why: The weights are changed in place: whoever called still needs the old ones.
# fails: test_step_takes_both_slopes_at_the_old_place
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    new_w = w if w.dtype.kind == "f" else w.astype(float)
    new_w -= rate * 2 * errors @ x / len(x)
    return new_w, float(b - rate * 2 * errors.mean())
