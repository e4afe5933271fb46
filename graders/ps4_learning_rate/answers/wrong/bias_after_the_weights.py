# why: The bias's slope is taken after the weights have moved.
# fails: test_step_takes_both_slopes_at_the_old_place
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    w = w - rate * 2 * errors @ x / len(x)
    b = b - rate * 2 * (x @ w + b - y).mean()
    return w, b
