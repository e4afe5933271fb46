# why: Changes the arrays that it is given, which the text forbids.
# fails: test_cleans_by_the_recipe
# %% table-clean-answer
def clean(x_train, x_new, code):
    x_train[x_train == code] = np.nan
    x_new[x_new == code] = np.nan
    low, mid, high = np.nanpercentile(x_train, [25, 50, 75], axis=0)
    spread = np.where(high == low, 1, high - low)
    return tuple((np.where(np.isnan(part), mid, part) - mid) / spread for part in (x_train, x_new))
