# why: Sorts the row numbers that it is given.
# fails: test_reported_loss
# %% leak-answer
def stop_and_report(row_losses, stopping_rows):
    stopping_rows.sort()
    inside = np.zeros(row_losses.shape[1], dtype=bool)
    inside[stopping_rows] = True
    curve = row_losses[:, inside].mean(axis=1)
    t = int(np.argmin(curve))
    return t + 1, curve[t], row_losses[t, ~inside].mean()
