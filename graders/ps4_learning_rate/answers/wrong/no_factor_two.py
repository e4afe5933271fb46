# why: The 2 that the square brings is missing, as if the loss had a factor one half.
# fails: test_step_has_the_right_length
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    return w - rate * errors @ x / len(x), float(b - rate * errors.mean())
