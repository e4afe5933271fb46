# why: calls the rule twice for each curve (the text: once)
# fails: test_epochs_run
# %% price-answer
def price(curves, rule):
    epochs = np.mean([rule(c)[0] for c in curves])
    regret = np.mean([c[rule(c)[1] - 1] - min(c) for c in curves])
    return epochs, regret
