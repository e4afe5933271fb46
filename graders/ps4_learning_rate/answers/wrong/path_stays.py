# why: The right number of points, all of them the start.
# fails: test_path_has_all_its_points, test_path_follows_the_gradient
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    return np.tile(np.asarray(start, dtype=float), (steps + 1, 1))
