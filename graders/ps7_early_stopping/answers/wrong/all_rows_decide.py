# why: Chooses the epoch with all rows, fresh ones included.
# fails: test_epoch_of_the_stopping_set, test_reported_loss, test_fresh_loss
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    deciding = np.zeros(row_losses.shape[1], dtype=bool)
    deciding[stopping_rows] = True
    curve = row_losses.mean(axis=1)
    best = int(curve.argmin())
    return best + 1, float(row_losses[best, deciding].mean()), float(row_losses[best, ~deciding].mean())
