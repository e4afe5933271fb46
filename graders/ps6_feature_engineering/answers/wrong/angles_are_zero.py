# why: Zero, whatever the tips are.
# fails: test_angles_run_clockwise_from_twelve, test_angles_are_never_negative
# %% hand-angles-answer
def hand_angles(tips):
    return np.zeros((len(tips), 2))
