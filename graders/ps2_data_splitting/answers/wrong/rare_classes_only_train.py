# why: Classes with fewer than 20 rows go to training as a whole.
# fails: test_keeps_class_shares
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    labels = np.asarray(labels)
    rng = np.random.default_rng(seed)
    parts = [[], [], []]
    for name in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == name))
        cuts = [len(rows), len(rows)] if len(rows) < 20 else [round(fractions[0] * len(rows)), round((fractions[0] + fractions[1]) * len(rows))]
        for part, piece in zip(parts, np.split(rows, cuts)):
            part.append(piece)
    return tuple(rng.permutation(np.concatenate(part)) for part in parts)
