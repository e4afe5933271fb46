# why: The curve never rises.
# fails: test_fits_first_rows_and_judges_test_rows
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    means = []
    for size in sizes:
        model = build_model()
        model.fit(x[:size], y[:size])
        means.append(np.mean(error(model.predict(x_test), y_test)))
    return np.minimum.accumulate(means)


def images_needed(sizes, errors, target):
    needed = None
    for size, error in zip(reversed(list(sizes)), reversed(list(errors))):
        if error > target:
            break
        needed = size
    return needed
