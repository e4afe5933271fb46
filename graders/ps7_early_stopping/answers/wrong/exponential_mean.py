# why: Takes an exponential moving average: old values fade, but never leave.
# fails: test_averages_the_window, test_beginning_of_the_mean
# %% smooth-answer
def trailing_mean(values, window):
    smooth = [float(values[0])]
    for value in values[1:]:
        smooth.append(smooth[-1] + 2 / (window + 1) * (value - smooth[-1]))
    return np.array(smooth)
