# why: A zero for each size.
# fails: test_fits_first_rows_and_judges_test_rows, test_builds_a_new_model_for_each_size, test_takes_the_mean_of_the_given_error
# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    return np.zeros(len(sizes))


def images_needed(sizes, errors, target):
    needed = None
    for size, error in reversed(list(zip(sizes, errors))):
        if error > target:
            break
        needed = size
    return needed
