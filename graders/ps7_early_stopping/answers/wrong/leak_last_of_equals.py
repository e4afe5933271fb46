# why: Takes the last of equal epochs.
# fails: test_epoch_of_the_stopping_set
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    deciding = np.zeros(row_losses.shape[1], dtype=bool)
    deciding[stopping_rows] = True
    curve = row_losses[:, deciding].mean(axis=1)
    best = len(curve) - 1 - int(curve[::-1].argmin())
    return best + 1, float(curve[best]), float(row_losses[best, ~deciding].mean())
