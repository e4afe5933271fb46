# why: Only the classes that have rows are counted, so that empty ones are no possible answer.
# fails: test_uniform_counts_every_class
# %% counts-answer
def baselines(counts):
    shares = np.asarray(counts) / np.sum(counts)
    return {
        "uniform": 1 / int((shares > 0).sum()),
        "majority": float(shares.max()),
        "shuffle": float((shares**2).sum()),
    }


def skill(accuracy, counts):
    strongest = max(baselines(counts).values())
    return (accuracy - strongest) / (1 - strongest)
