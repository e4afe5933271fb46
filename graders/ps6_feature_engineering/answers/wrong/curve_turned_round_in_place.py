# why: The list of errors is reversed in place.
# fails: test_finds_the_images_needed
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    means = []
    for size in sizes:
        model = build_model()
        model.fit(x[:size], y[:size])
        means.append(np.mean(error(model.predict(x_test), y_test)))
    return np.array(means)


def images_needed(sizes, errors, target):
    if isinstance(errors, list):
        errors.reverse()
        backwards = errors
    else:
        backwards = errors[::-1]
    needed = None
    for size, error in zip(sizes[::-1], backwards):
        if error > target:
            break
        needed = size
    return needed
