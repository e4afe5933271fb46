# why: Remembers what the rule said of an equal curve, and does not call it for each.
# fails: test_epochs_run
# %% price-answer
def price(curves, rule):
    seen, epochs, regret = {}, [], []
    for c in curves:
        key = tuple(float(v) for v in c)
        if key not in seen:
            seen[key] = rule(c)
        last, best = seen[key]
        epochs.append(last)
        regret.append(c[best - 1] - min(c))
    return np.mean(epochs), np.mean(regret)
