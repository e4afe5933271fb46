# why: Each class is only turned round at a random place: whole stretches of rows go into a part.
# fails: test_chooses_rows_by_the_seed
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    rng = np.random.default_rng(seed)
    labels = np.asarray(labels)
    parts = ([], [], [])
    for label in np.unique(labels):
        rows = np.roll(np.flatnonzero(labels == label), rng.integers((labels == label).sum()))
        cuts = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, cuts)):
            part.append(piece)
    return tuple(rng.permutation(np.concatenate(part)) for part in parts)
