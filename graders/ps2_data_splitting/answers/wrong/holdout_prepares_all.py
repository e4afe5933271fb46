# why: Prepares all rows first, then splits.
# fails: test_judges_the_held_out_rows
# %% holdout-answer
def prepare(x_train, x_new):
    median = np.nanmedian(x_train, axis=0)
    train = np.where(np.isnan(x_train), median, x_train)
    new = np.where(np.isnan(x_new), median, x_new)
    mean = train.mean(axis=0)
    std = train.std(axis=0)
    std[std == 0] = 1
    return (train - mean) / std, (new - mean) / std


def holdout_accuracy(build_model, x, y, train, held_out):
    ready = prepare(x, x)[0]
    x_train, x_new = ready[train], ready[held_out]
    model = build_model()
    model.fit(x_train, y[train])
    return model.score(x_new, y[held_out])
