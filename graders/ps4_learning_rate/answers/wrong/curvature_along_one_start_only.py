# why: The power method from a vector of ones misses a steepest direction that is at right angles to it.
# fails: test_limit_is_set_by_the_steepest_direction
# %% valley-answer
def largest_rate(hessian):
    v = np.ones(len(hessian))
    if not np.any(hessian):
        return float("inf")
    for _ in range(20):
        v = hessian @ v
        v = v / np.linalg.norm(v)
    return float(2 / (v @ hessian @ v))


def descent_path(hessian, start, rate, steps):
    places = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        places.append(places[-1] - rate * (hessian @ places[-1]))
    return np.array(places)
