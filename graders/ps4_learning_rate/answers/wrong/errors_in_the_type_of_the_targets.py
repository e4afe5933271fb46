# why: np.zeros_like takes over the integer type of the targets, and errors lose their fractions.
# fails: test_steps_downhill
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = np.zeros_like(y)
    for i in range(len(y)):
        errors[i] = x[i] @ w + b - y[i]
    return w - rate * 2 / len(y) * (x.T @ errors), b - rate * 2 / len(y) * errors.sum()
