# why: One flat direction is enough to call the limit infinite.
# fails: test_flat_land_has_no_limit
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if np.linalg.eigvalsh(hessian).min() > 1e-12 else float("inf")


def descent_path(hessian, start, rate, steps):
    points = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - rate * hessian @ points[-1])
    return np.array(points)
