# why: A model below the baseline gets a skill of 0.
# fails: test_skill_starts_at_the_strongest_baseline
# %% counts-answer
def baselines(counts):
    shares = np.asarray(counts) / np.sum(counts)
    return {
        "uniform": 1 / len(shares),
        "majority": float(shares.max()),
        "shuffle": float((shares**2).sum()),
    }


def skill(accuracy, counts):
    strongest = max(baselines(counts).values())
    return max(0.0, (accuracy - strongest) / (1 - strongest))
