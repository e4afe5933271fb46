# why: The generator is made without the seed, so that no split can be repeated.
# fails: test_chooses_rows_by_the_seed
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    rng = np.random.default_rng()
    parts = ([], [], [])
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cuts = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, cuts)):
            part.append(piece)
    return tuple(rng.permutation(np.concatenate(part)) for part in parts)
