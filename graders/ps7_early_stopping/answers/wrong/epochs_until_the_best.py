# why: Counts the epochs until the best one, not those that are run.
# fails: test_epochs_run
# %% price-answer
def price(curves, rule):
    epochs, regrets = [], []
    for curve in curves:
        last_epoch, best_epoch = rule(curve)
        epochs.append(best_epoch)
        regrets.append(curve[best_epoch - 1] - min(curve))
    return float(np.mean(epochs)), float(np.mean(regrets))
