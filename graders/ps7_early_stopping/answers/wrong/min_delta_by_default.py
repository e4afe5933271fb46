# why: Without min_delta it takes 0.001 of its own, and small steps do not count.
# fails: test_best_epoch
# %% stop-answer
def early_stop(losses, patience, min_delta=0.001):
    best, where, waited = losses[0], 1, 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < best - min_delta:
            best, where, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, where
    return len(losses), where
