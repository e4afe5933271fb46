# why: Writes NaN over the stopping set in the record itself, to average the others.
# fails: test_reported_loss
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    curve = row_losses[:, stopping_rows].mean(axis=1)
    t = int(np.argmin(curve))
    row_losses[:, stopping_rows] = np.nan
    return t + 1, curve[t], np.nanmean(row_losses[t])
