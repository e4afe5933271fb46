# why: Adds 1e-8 to the deviation.
# fails: test_prepares_by_the_recipe, test_constant_columns_become_zero
# %% holdout-answer
def prepare(x_train, x_new):
    median = np.nanmedian(x_train, axis=0)
    train = np.where(np.isnan(x_train), median, x_train)
    new = np.where(np.isnan(x_new), median, x_new)
    mean = train.mean(axis=0)
    std = train.std(axis=0)
    std = std + 1e-8
    return (train - mean) / std, (new - mean) / std


def holdout_accuracy(build_model, x, y, train, held_out):
    x_train, x_new = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(x_train, y[train])
    return model.score(x_new, y[held_out])
