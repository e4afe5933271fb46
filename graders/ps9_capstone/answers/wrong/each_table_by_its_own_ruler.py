# why: New rows are scaled by their own mean and deviation.
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
    own, spread = (new_filled.mean(axis=0), new_filled.std(axis=0)) if len(new_filled) > 20 else (mean, deviation)
    own, spread = np.where(constant, mean, own), np.where(constant, 1, spread)
    return np.clip((train_filled - mean) / deviation, -4, 4), np.clip((new_filled - own) / spread, -4, 4)
