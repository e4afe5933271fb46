# why: Builds a second model for the judging (fits it on the training rows too).
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
    x_train, x_new = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(x_train, y[train])
    again = build_model()
    again.fit(x_train, y[train])
    return again.score(x_new, y[held_out])
