# why: A placeholder: always the first epoch.
# fails: test_last_epoch, test_best_epoch, test_never_stops, test_patience_zero, test_min_delta, test_nan
# %% stop-answer
def early_stop(losses, patience, min_delta=0.0):
    return 1, 1
