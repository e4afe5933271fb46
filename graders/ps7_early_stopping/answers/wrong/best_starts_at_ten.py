# why: Starts with a best loss of 10, not with the first loss.
# fails: test_best_epoch, test_min_delta
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best, where, waited = 10.0, 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - min_delta:
            best, where, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, where
    return len(losses), where
