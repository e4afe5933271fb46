# why: The classes are taken to be 0, 1, 2, ...; classes with other names are lost.
# fails: test_keeps_class_shares
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    rng = np.random.default_rng(seed)
    parts = [], [], []
    for label in range(len(np.unique(labels))):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cuts = (np.cumsum(fractions)[:2] * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, cuts)):
            part.extend(piece.tolist())
    return tuple(rng.permutation(np.array(part, dtype=int)) for part in parts)
