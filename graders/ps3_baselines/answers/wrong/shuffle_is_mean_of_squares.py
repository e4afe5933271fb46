# why: The squared shares are averaged instead of added up.
# fails: test_shuffle_is_the_sum_of_squared_shares
# %% counts-answer
def baselines(counts):
    shares = np.asarray(counts) / np.sum(counts)
    return {
        "uniform": 1 / len(shares),
        "majority": float(shares.max()),
        "shuffle": float((shares**2).mean()),
    }


def skill(accuracy, counts):
    strongest = max(baselines(counts).values())
    return (accuracy - strongest) / (1 - strongest)
