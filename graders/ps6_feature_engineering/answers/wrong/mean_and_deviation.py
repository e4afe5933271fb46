# why: Mean and standard deviation instead of median and quartiles.
# fails: test_cleans_by_the_recipe, test_columns_without_spread_stay_finite
# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.where(x_train == code, np.nan, x_train)
    middle, spread = np.nanmean(known, axis=0), np.nanstd(known, axis=0)
    spread = np.where(spread > 1e-9, spread, 1)
    train_ready, new_ready = (np.where(x == code, 0, (x - middle) / spread) for x in (x_train, x_new))
    return train_ready, new_ready
