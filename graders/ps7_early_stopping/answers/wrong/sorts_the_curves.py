# why: Sorts each curve itself to find its lowest loss.
# fails: test_regret
# %% price-answer
def price(curves, rule):
    epochs, regret = [], []
    for c in curves:
        last, best = rule(c)
        loss = c[best - 1]
        c.sort()
        epochs.append(last)
        regret.append(loss - c[0])
    return np.mean(epochs), np.mean(regret)
