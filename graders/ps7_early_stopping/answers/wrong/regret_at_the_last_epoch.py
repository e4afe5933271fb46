# why: Takes the loss at the last epoch, as if the best weights were not restored.
# fails: test_regret
# %% price-answer
def price(curves, rule):
    epochs, regrets = [], []
    for curve in curves:
        last_epoch, best_epoch = rule(curve)
        epochs.append(last_epoch)
        regrets.append(curve[last_epoch - 1] - min(curve))
    return float(np.mean(epochs)), float(np.mean(regrets))
