# why: Only the weights move, the bias is returned as it came.
# fails: test_steps_downhill
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    return w - rate * 2 * errors @ x / len(x), b
