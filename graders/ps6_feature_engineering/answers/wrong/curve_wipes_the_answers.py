# why: Writes over the training answers when it is done with them, so that whoever called it goes on without.
# fails: test_builds_a_new_model_for_each_size, test_fits_first_rows_and_judges_test_rows, test_takes_the_mean_of_the_given_error
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    means = []
    for size in sizes:
        model = build_model()
        model.fit(x[:size], y[:size])
        means.append(np.mean(error(model.predict(x_test), y_test)))
    y[:] = -1
    return np.array(means)


def images_needed(sizes, errors, target):
    needed = None
    for size, error in reversed(list(zip(sizes, errors))):
        if error > target:
            break
        needed = size
    return needed
