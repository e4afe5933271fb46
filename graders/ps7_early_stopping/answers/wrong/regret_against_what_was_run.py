# why: Compares with the lowest loss of the epochs that were run, where early stopping always looks good.
# fails: test_regret
# %% price-answer
def price(curves, rule):
    epochs, regrets = [], []
    for curve in curves:
        last_epoch, best_epoch = rule(curve)
        epochs.append(last_epoch)
        regrets.append(curve[best_epoch - 1] - min(curve[:last_epoch]))
    return float(np.mean(epochs)), float(np.mean(regrets))
