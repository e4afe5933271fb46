# why: A plain shuffle and two cuts: the class shares are right on average only.
# fails: test_keeps_class_shares
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    n = len(labels)
    rows = np.random.default_rng(seed).permutation(n)
    first = round(fractions[0] * n)
    second = first + round(fractions[1] * n)
    return rows[:first], rows[first:second], rows[second:]
