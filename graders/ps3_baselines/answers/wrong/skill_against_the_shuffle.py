# why: The skill starts at the shuffle baseline, which a constant answer beats.
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
    strongest = baselines(counts)["shuffle"]
    return (accuracy - strongest) / (1 - strongest)
