# why: Takes min_delta and does not use it.
# fails: test_min_delta
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best_loss, best_epoch, waited = losses[0], 1, 0
    for epoch in range(2, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss < best_loss:
            best_loss, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return len(losses), best_epoch
