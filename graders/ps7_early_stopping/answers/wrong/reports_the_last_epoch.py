# why: Reports the loss of the last epoch that was run, not of the chosen one.
# fails: test_reported_loss
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    deciding = np.zeros(row_losses.shape[1], dtype=bool)
    deciding[stopping_rows] = True
    curve = row_losses[:, deciding].mean(axis=1)
    best = int(curve.argmin())
    return best + 1, float(curve[-1]), float(row_losses[best, ~deciding].mean())
