# why: A skill far below the baseline is cut off at -1.
# fails: test_skill_starts_at_the_strongest_baseline
# %% counts-answer
def baselines(counts):
    p = np.asarray(counts) / np.sum(counts)
    return {"uniform": 1 / len(p), "majority": float(p.max()), "shuffle": float((p**2).sum())}



def skill(accuracy, counts):
    best = baselines(counts)["majority"]
    return max((accuracy - best) / (1 - best), -1)
