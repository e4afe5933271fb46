# why: Each repetition shuffles the labels that were given, and then compares with a copy made before.
# fails: test_shuffles_are_decided_by_the_seed
# %% shuffle-answer
def shuffle_accuracies(labels, repeats, seed):
    rng = np.random.default_rng(seed)
    truth, agree = labels.copy(), []
    for _ in range(repeats):
        rng.shuffle(labels)
        agree.append(np.mean(labels == truth))
    return np.array(agree)
