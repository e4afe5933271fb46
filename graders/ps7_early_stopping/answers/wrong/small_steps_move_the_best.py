# why: Lets every lower loss become the best one, and asks for min_delta only to start counting anew.
# fails: test_min_delta
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    best_loss, best_epoch, waited = losses[0], 1, 0
    for epoch in range(2, len(losses) + 1):
        loss = losses[epoch - 1]
        if loss < best_loss - min_delta:
            best_loss, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            best_loss = min(best_loss, loss) if loss == loss else best_loss
            if waited >= patience:
                return epoch, best_epoch
    return len(losses), best_epoch
