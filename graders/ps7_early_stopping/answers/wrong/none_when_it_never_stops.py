# why: Has no answer for a curve on which the rule never stops: 0, as Keras' stopped_epoch.
# fails: test_never_stops
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
                return epoch, best_epoch
    return 0, best_epoch
