# why: Adds the epochs of all curves up.
# fails: test_epochs_run
# %% price-answer
def price(curves, rule):
    epochs, regrets = [], []
    for curve in curves:
        last_epoch, best_epoch = rule(curve)
        epochs.append(last_epoch)
        regrets.append(curve[best_epoch - 1] - min(curve))
    return float(np.sum(epochs)), float(np.mean(regrets))
