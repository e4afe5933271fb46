# why: The classes are dealt out in turn inside each part: a pattern in place of a random order.
# fails: test_mixes_the_classes
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
    mixed = []
    for part in parts:
        turns = np.concatenate([np.arange(len(piece)) for piece in part])
        mixed.append(np.concatenate(part)[np.argsort(turns, kind="stable")])
    return tuple(mixed)
