# why: Every model is fitted on all rows.
# fails: test_fits_first_rows_and_judges_test_rows
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    means = []
    for size in sizes:
        model = build_model()
        model.fit(x, y)
        means.append(np.mean(error(model.predict(x_test), y_test)))
    return np.array(means)


def images_needed(sizes, errors, target):
    needed = None
    for size, error in reversed(list(zip(sizes, errors))):
        if error > target:
            break
        needed = size
    return needed
