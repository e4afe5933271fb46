# why: The sum is divided by the number of entries of x, rows times columns.
# fails: test_step_has_the_right_length
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    return w - rate * 2 * errors @ x / x.size, float(b - rate * 2 * errors.sum() / x.size)
