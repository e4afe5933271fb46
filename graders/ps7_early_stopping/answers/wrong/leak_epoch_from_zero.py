# why: Returns the position of the epoch.
# fails: test_epoch_of_the_stopping_set
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    deciding = np.zeros(row_losses.shape[1], dtype=bool)
    deciding[stopping_rows] = True
    curve = row_losses[:, deciding].mean(axis=1)
    best = int(curve.argmin())
    return best, float(curve[best]), float(row_losses[best, ~deciding].mean())
