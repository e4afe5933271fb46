# why: The path has the dtype of the start: whole numbers in, every point cut to whole numbers.
# fails: test_path_follows_the_gradient
# %% valley-answer
def largest_rate(hessian):
    lam = np.linalg.eigvalsh(hessian).max()
    return 2 / lam if lam > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    start = np.asarray(start)
    path = np.empty((steps + 1, len(start)), dtype=start.dtype)
    path[0] = start
    for t in range(steps):
        path[t + 1] = path[t] - rate * hessian @ path[t]
    return path
