# why: All three sizes are rounded down, and the rows that are left over are lost.
# fails: test_puts_every_row_into_one_part
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    rng = np.random.default_rng(seed)
    train, val, test = [], [], []
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        a, b, c = (int(f * len(rows)) for f in fractions)
        train.append(rows[:a])
        val.append(rows[a : a + b])
        test.append(rows[a + b : a + b + c])
    return tuple(rng.permutation(np.concatenate(part)) for part in (train, val, test))
