# why: The results are written into an array of the dtype that came in.
# fails: test_measures_with_training_rows
# %% prepare-answer
def prepare(x_train, x_new):
    median = np.nanmedian(x_train, axis=0)
    train_filled, new_filled = (np.where(np.isnan(part), median, part) for part in (x_train, x_new))
    mean, deviation = train_filled.mean(axis=0), train_filled.std(axis=0)
    constant = (train_filled == train_filled[0]).all(axis=0)
    mean, deviation = np.where(constant, train_filled[0], mean), np.where(constant, 1, deviation)
    ready = []
    for part, filled in ((x_train, train_filled), (x_new, new_filled)):
        out = np.empty_like(part)
        out[:] = np.clip((filled - mean) / deviation, -4, 4)
        ready.append(out)
    return ready
