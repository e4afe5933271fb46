# why: The new weights have the type of the old ones: with whole numbers nothing moves.
# fails: test_steps_downhill
# %% step-answer
def gradient_step(x, y, w, b, rate):
    errors = x @ w + b - y
    new_w = np.empty_like(w)
    new_w[:] = w - rate * 2 * errors @ x / len(x)
    return new_w, float(b - rate * 2 * errors.mean())
