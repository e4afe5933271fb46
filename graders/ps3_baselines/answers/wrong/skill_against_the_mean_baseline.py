# why: Skill is counted from the mean of the three baselines.
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
    strongest = sum(baselines(counts).values()) / 3
    return (accuracy - strongest) / (1 - strongest)
