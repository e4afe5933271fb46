# why: Counts are squared in their own integer type before they are divided, and overflow.
# fails: test_shuffle_is_the_sum_of_squared_shares
# %% counts-answer
def baselines(counts):
    shares = np.asarray(counts) / np.sum(counts)
    return {
        "uniform": 1 / len(shares),
        "majority": float(shares.max()),
        "shuffle": float((np.asarray(counts) ** 2).sum() / float(np.sum(counts)) ** 2),
    }


def skill(accuracy, counts):
    strongest = max(baselines(counts).values())
    return (accuracy - strongest) / (1 - strongest)
