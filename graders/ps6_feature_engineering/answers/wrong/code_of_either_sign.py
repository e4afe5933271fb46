# why: Values of the code with the other sign are missing as well.
# fails: test_cleans_by_the_recipe
# %% table-clean-answer
def clean(x_train, x_new, code):
    train = np.where(abs(x_train) == abs(code), np.nan, x_train)
    new = np.where(abs(x_new) == abs(code), np.nan, x_new)
    low, middle, high = np.nanpercentile(train, [25, 50, 75], axis=0)
    spread = np.where(high == low, 1, high - low)
    return tuple((np.where(np.isnan(part), middle, part) - middle) / spread for part in (train, new))
