# why: The model is built once, before the loop.
# fails: test_builds_a_new_model_for_each_size
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    means = []
    model = build_model()
    for size in sizes:
        model.fit(x[:size], y[:size])
        means.append(np.mean(error(model.predict(x_test), y_test)))
    return np.array(means)


def images_needed(sizes, errors, target):
    needed = None
    for size, error in reversed(list(zip(sizes, errors))):
        if error > target:
            break
        needed = size
    return needed
