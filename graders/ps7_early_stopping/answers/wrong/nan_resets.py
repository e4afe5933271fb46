# why: Counts only epochs that are known to be no better; a NaN becomes the best loss.
# fails: test_nan
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best_loss, best_epoch, waited = losses[0], 1, 0
    for epoch in range(2, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss >= best_loss - min_delta:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, best_epoch
        else:
            best_loss, best_epoch, waited = loss, epoch, 0
    return len(losses), best_epoch
