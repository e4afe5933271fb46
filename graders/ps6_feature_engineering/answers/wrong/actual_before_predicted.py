# why: The error measure gets its arguments in the wrong order.
# fails: test_takes_the_mean_of_the_given_error
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    means = []
    for size in sizes:
        model = build_model()
        model.fit(x[:size], y[:size])
        means.append(np.mean(error(y_test, model.predict(x_test))))
    return np.array(means)


def images_needed(sizes, errors, target):
    needed = None
    for size, error in reversed(list(zip(sizes, errors))):
        if error > target:
            break
        needed = size
    return needed
