# why: The quartiles are taken after the missing values were filled: the scale shrinks.
# fails: test_cleans_by_the_recipe
# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.where(x_train == code, np.nan, x_train)
    filled = np.where(np.isnan(known), np.nanmedian(known, axis=0), known)
    low, middle, high = np.percentile(filled, [25, 50, 75], axis=0)
    spread = np.where(high > low, high - low, 1)
    train_ready, new_ready = (np.where(x == code, 0, (x - middle) / spread) for x in (x_train, x_new))
    return train_ready, new_ready
