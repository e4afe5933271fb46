# why: A rate beyond the limit is lowered to it, so that no path diverges.
# fails: test_path_follows_the_gradient
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    rate = min(rate, largest_rate(hessian))
    points = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - rate * hessian @ points[-1])
    return np.array(points)
