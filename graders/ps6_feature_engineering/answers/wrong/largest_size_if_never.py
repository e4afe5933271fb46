# why: Where the target is never reached, the largest size is returned.
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
    needed = None
    for size, error in reversed(list(zip(sizes, errors))):
        if error > target:
            break
        needed = size
    return sizes[-1] if needed is None else needed
