# why: The smallest curvature is taken, that of the slowest direction.
# fails: test_limit_is_set_by_the_steepest_direction
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian)
    steepest = steepest[steepest > 1e-12].min() if (steepest > 1e-12).any() else 0
    return float(2 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    points = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - rate * hessian @ points[-1])
    return np.array(points)
