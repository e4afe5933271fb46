# why: Uses pandas' rolling mean, which gives NaN until the window is full.
# fails: test_beginning_of_the_mean
# %% smooth-answer
import pandas as pd


def trailing_mean(values, window):
    return pd.Series(values, dtype=float).rolling(window).mean().to_numpy()
