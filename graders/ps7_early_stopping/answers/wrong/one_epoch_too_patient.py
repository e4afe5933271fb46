# why: Stops when more than `patience` epochs have gone by: one too many.
# fails: test_last_epoch, test_best_epoch
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best_loss, best_epoch, waited = losses[0], 1, 0
    for epoch in range(2, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss < best_loss - min_delta:
            best_loss, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited > max(patience, 1):
                return epoch, best_epoch
    return len(losses), best_epoch
