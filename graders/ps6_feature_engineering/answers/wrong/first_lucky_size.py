# why: The first size whose error is small enough, even if the curve rises again.
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
    for size, error in zip(sizes, errors):
        if error <= target:
            return size
    return None
