# why: The missing values are filled in the array that was given.
# fails: test_learns_from_the_training_rows_only
# %% holdout-answer
def prepare(x_train, x_new):
    median = np.nanmedian(x_train, axis=0)
    for x in (x_train, x_new):
        x[np.isnan(x)] = np.broadcast_to(median, x.shape)[np.isnan(x)]
    filled, new_filled = x_train, x_new
    mean, std = filled.mean(axis=0), filled.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (filled - mean) / std, (new_filled - mean) / std


def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(train_ready, y[train])
    return float(np.mean(model.predict(held_out_ready) == y[held_out]))
