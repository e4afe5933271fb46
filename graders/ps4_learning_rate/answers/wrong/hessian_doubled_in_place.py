# why: Doubles the Hessian that it was given, so that whoever goes on with it descends another valley.
# fails: test_limit_is_set_by_the_steepest_direction
# %% valley-answer
def largest_rate(hessian):
    hessian *= 2
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(4 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    points = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - rate * hessian @ points[-1])
    return np.array(points)
