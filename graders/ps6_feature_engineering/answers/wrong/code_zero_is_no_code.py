# why: A code of 0 is taken for "no code".
# fails: test_cleans_by_the_recipe
# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.where(x_train == code, np.nan, x_train) if code else x_train
    low, middle, high = np.nanpercentile(known, [25, 50, 75], axis=0)
    spread = np.where(high > low, high - low, 1)
    train_ready, new_ready = (np.where(x == code, 0, (x - middle) / spread) for x in (x_train, x_new))
    return train_ready, new_ready
