# why: The finished parts are shuffled by a generator without the seed.
# fails: test_chooses_rows_by_the_seed
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    parts = ([], [], [])
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cuts = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, cuts)):
            part.append(piece)
    return tuple(np.random.default_rng().permutation(np.concatenate(part)) for part in parts)
