# why: The step goes with the gradient, uphill.
# fails: test_steps_downhill
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    return w + rate * 2 * errors @ x / len(x), float(b + rate * 2 * errors.mean())
