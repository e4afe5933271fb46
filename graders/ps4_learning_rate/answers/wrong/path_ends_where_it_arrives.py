# why: The path ends early where it has arrived at the minimum.
# fails: test_path_has_all_its_points
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    places = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        places.append(places[-1] - rate * (hessian @ places[-1]))
        if np.linalg.norm(places[-1]) < 1e-3:
            break
    return np.array(places)
