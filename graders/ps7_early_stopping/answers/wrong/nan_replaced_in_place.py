# why: Writes infinity over NaN in the losses that it is given.
# fails: test_nan
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    for i, loss in enumerate(losses):
        if np.isnan(loss):
            losses[i] = np.inf
    best, where, waited = losses[0], 1, 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < best - min_delta:
            best, where, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, where
    return len(losses), where
