# why: The new rows are filled and scaled with their own medians and quartiles.
# fails: test_learns_the_scale_from_training_rows
# %% table-clean-answer
def clean(x_train, x_new, code):
    parts = []
    for x in (x_train, x_new):
        known = np.where(x == code, np.nan, x)
        low, middle, high = np.nanpercentile(known, [25, 50, 75], axis=0)
        spread = np.where(high > low, high - low, 1)
        parts.append(np.where(x == code, 0, (x - middle) / spread))
    return tuple(parts)
