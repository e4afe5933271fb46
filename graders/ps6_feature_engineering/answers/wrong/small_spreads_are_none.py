# why: Small spreads are replaced by 1.
# fails: test_cleans_by_the_recipe
# %% table-clean-answer
def clean(x_train, x_new, code):
    train = np.where(x_train == code, np.nan, x_train)
    new = np.where(x_new == code, np.nan, x_new)
    low, middle, high = np.nanpercentile(train, [25, 50, 75], axis=0)
    spread = np.where(high - low < 1e-3, 1, high - low)
    return tuple((np.where(np.isnan(part), middle, part) - middle) / spread for part in (train, new))
