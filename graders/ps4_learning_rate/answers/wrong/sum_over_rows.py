# why: The slopes are sums over the rows in place of means.
# fails: test_step_is_a_mean_over_rows
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    return w - rate * 2 * errors @ x, float(b - rate * 2 * errors.sum())
