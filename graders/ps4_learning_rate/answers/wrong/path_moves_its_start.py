# why: The start is changed in place, and ends where the path ends.
# fails: test_path_has_all_its_points
# %% valley-answer
def largest_rate(hessian):
    steepest = np.linalg.eigvalsh(hessian).max()
    return float(2 / steepest) if steepest > 0 else float("inf")


def descent_path(hessian, start, rate, steps):
    place = np.asarray(start, dtype=float)
    points = [place.copy()]
    for _ in range(steps):
        place -= rate * hessian @ place
        points.append(place.copy())
    return np.array(points)
