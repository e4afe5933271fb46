# why: Which rows train is drawn; validation and test are cut from the others in file order.
# fails: test_chooses_rows_by_the_seed
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    labels = np.asarray(labels)
    rng = np.random.default_rng(seed)
    parts = [[], [], []]
    for name in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == name))
        cuts = [round(fractions[0] * len(rows)), round((fractions[0] + fractions[1]) * len(rows))]
        rows[cuts[0]:] = np.sort(rows[cuts[0]:])
        for part, piece in zip(parts, np.split(rows, cuts)):
            part.append(piece)
    return tuple(rng.permutation(np.concatenate(part)) for part in parts)
