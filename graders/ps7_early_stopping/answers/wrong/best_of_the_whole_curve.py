# why: Looks for the lowest loss also where the training never gets to.
# fails: test_best_epoch, test_min_delta
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best_loss, best_epoch, waited = losses[0], 1, 0
    for epoch in range(2, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss < best_loss - min_delta:
            best_loss, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, int(np.nanargmin(losses)) + 1
    return len(losses), int(np.nanargmin(losses)) + 1
