# why: Every weight goes down by the rate, whatever the rows are.
# fails: test_steps_downhill, test_step_has_the_right_length, test_step_is_a_mean_over_rows, test_step_takes_both_slopes_at_the_old_place
# %% step-answer
def gradient_step(x, y, w, b, rate):
    return w - rate, b - rate
