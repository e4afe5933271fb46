# why: Medians and quartiles come from all rows, training and new together.
# fails: test_learns_the_scale_from_training_rows
# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.where(x_train == code, np.nan, x_train)
    low, middle, high = np.nanpercentile(np.concatenate([known, np.where(x_new == code, np.nan, x_new)]), [25, 50, 75], axis=0)
    spread = np.where(high > low, high - low, 1)
    train_ready, new_ready = (np.where(x == code, 0, (x - middle) / spread) for x in (x_train, x_new))
    return train_ready, new_ready
