# why: Values near the code are missing, too.
# fails: test_cleans_by_the_recipe
# %% table-clean-answer
def clean(x_train, x_new, code):
    train = np.where(np.isclose(x_train, code, atol=0.01), np.nan, x_train)
    new = np.where(np.isclose(x_new, code, atol=0.01), np.nan, x_new)
    low, middle, high = np.nanpercentile(train, [25, 50, 75], axis=0)
    spread = np.where(high == low, 1, high - low)
    return tuple((np.where(np.isnan(part), middle, part) - middle) / spread for part in (train, new))
