# why: A column whose quartiles are equal is taken for a constant one: every value becomes 0.
# fails: test_columns_without_spread_stay_finite
# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.where(x_train == code, np.nan, x_train)
    low, middle, high = np.nanpercentile(known, [25, 50, 75], axis=0)
    spread = np.where(high > low, high - low, np.inf)
    train_ready, new_ready = (np.where(x == code, 0, (x - middle) / spread) for x in (x_train, x_new))
    return train_ready, new_ready
