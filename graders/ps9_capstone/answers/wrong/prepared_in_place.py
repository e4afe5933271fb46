# why: The tables that are given are filled and scaled themselves.
# fails: test_measures_with_training_rows
# %% prepare-answer
def prepare(x_train, x_new):
    if x_train.dtype.kind != "f":
        x_train, x_new = x_train.astype(float), x_new.astype(float)
    median = np.nanmedian(x_train, axis=0)
    for part in (x_train, x_new):
        part[:] = np.where(np.isnan(part), median, part)
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    constant = (x_train == x_train[0]).all(axis=0)
    mean, deviation = np.where(constant, x_train[0], mean), np.where(constant, 1, deviation)
    for part in (x_train, x_new):
        part[:] = np.clip((part - mean) / deviation, -4, 4)
    return x_train, x_new
