# why: A curvature below a thousandth is taken for flat land.
# fails: test_limit_is_set_by_the_steepest_direction
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if steepest > 1e-3 else float("inf")


def descent_path(hessian, start, rate, steps):
    places = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        places.append(places[-1] - rate * (hessian @ places[-1]))
    return np.array(places)
