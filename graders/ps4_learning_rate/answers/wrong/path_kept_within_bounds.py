# why: A path that diverges is cut off at a thousand.
# fails: test_path_follows_the_gradient
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    places = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        places.append(places[-1] - rate * (hessian @ places[-1]))
    return np.clip(places, -1000, 1000)
