# why: The list of counts is sorted where it lies, in the caller's hands.
# fails: test_majority_is_the_largest_share, test_skill_starts_at_the_strongest_baseline
# %% counts-answer
def baselines(counts):
    if not isinstance(counts, tuple):
        counts.sort()
    shares = np.asarray(counts) / np.sum(counts)
    return {
        "uniform": 1 / len(shares),
        "majority": float(shares.max()),
        "shuffle": float((shares**2).sum()),
    }


def skill(accuracy, counts):
    strongest = max(baselines(counts).values())
    return (accuracy - strongest) / (1 - strongest)
