# why: Missing values get the column's mean instead of its median.
# fails: test_prepares_by_the_recipe
# %% holdout-answer
def prepare(x_train, x_new):
    mean = np.nanmean(x_train, axis=0)
    filled, new_filled = (np.where(np.isnan(x), mean, x) for x in (x_train, x_new))
    std = filled.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (filled - mean) / std, (new_filled - mean) / std



def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(train_ready, y[train])
    return float(np.mean(model.predict(held_out_ready) == y[held_out]))
