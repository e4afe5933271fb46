# why: Takes all rows for fresh ones, the stopping set included.
# fails: test_fresh_loss
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    deciding = np.zeros(row_losses.shape[1], dtype=bool)
    deciding[stopping_rows] = True
    curve = row_losses[:, deciding].mean(axis=1)
    best = int(curve.argmin())
    return best + 1, float(curve[best]), float(row_losses[best].mean())
