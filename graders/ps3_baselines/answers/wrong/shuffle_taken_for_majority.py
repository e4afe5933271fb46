# why: The majority baseline is taken to be the shuffle's sum of squares: Reuters' 18 % instead of 35 %.
# fails: test_majority_is_the_largest_share
# %% counts-answer
def baselines(counts):
    shares = np.asarray(counts) / np.sum(counts)
    return {
        "uniform": 1 / len(shares),
        "majority": float((shares**2).sum()),
        "shuffle": float((shares**2).sum()),
    }


def skill(accuracy, counts):
    strongest = np.max(counts) / np.sum(counts)
    return (accuracy - strongest) / (1 - strongest)
