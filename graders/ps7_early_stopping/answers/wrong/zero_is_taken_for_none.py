# why: Asks `not best` where no loss was seen yet, and takes a loss of 0 for that.
# fails: test_best_epoch
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best, where, waited = None, 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if not best or loss < best - min_delta:
            best, where, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, where
    return len(losses), where
