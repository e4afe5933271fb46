# why: Wild training values are cut first, and mean and deviation taken after that.
# fails: test_measures_with_training_rows
# %% prepare-answer
def prepare(x_train, x_new):
    """Fill, scale and clip two tables by what the training rows know.

    Args:
        x_train: array of shape (n, d), training rows.
        x_new: array of shape (m, d), other rows.

    Returns:
        (train_ready, new_ready): float arrays of the same shapes.
    """
    median = np.nanmedian(x_train, axis=0)
    train_filled, new_filled = (np.where(np.isnan(part), median, part) for part in (x_train, x_new))
    mean, deviation = train_filled.mean(axis=0), train_filled.std(axis=0)
    constant = (train_filled == train_filled[0]).all(axis=0)
    mean, deviation = np.where(constant, train_filled[0], mean), np.where(constant, 1, deviation)
    train_filled = np.clip(train_filled, mean - 4 * deviation, mean + 4 * deviation)
    mean, deviation = np.where(constant, train_filled[0], train_filled.mean(axis=0)), np.where(constant, 1, train_filled.std(axis=0))
    return tuple(np.clip((part - mean) / deviation, -4, 4) for part in (train_filled, new_filled))
