# why: Nothing moves: the old weights are returned.
# fails: test_steps_downhill, test_step_has_the_right_length, test_step_is_a_mean_over_rows, test_step_takes_both_slopes_at_the_old_place
# %% step-answer
def gradient_step(x, y, w, b, rate):
    return w, b
