# why: A tiny number keeps the division from failing, and rare values become astronomical.
# fails: test_columns_without_spread_stay_finite
# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.where(x_train == code, np.nan, x_train)
    low, middle, high = np.nanpercentile(known, [25, 50, 75], axis=0)
    spread = high - low + 1e-12
    train_ready, new_ready = (np.where(x == code, 0, (x - middle) / spread) for x in (x_train, x_new))
    return train_ready, new_ready
