# why: The prediction leaves the bias out.
# fails: test_steps_downhill, test_step_has_the_right_length
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w - y
    return w - rate * 2 * errors @ x / len(x), float(b - rate * 2 * errors.mean())
