# why: arctan of x / y cannot tell a direction from its opposite.
# fails: test_angles_run_clockwise_from_twelve
# %% hand-angles-answer
def hand_angles(tips):
    tips = np.asarray(tips)
    return np.mod(np.degrees(np.arctan(tips[..., 0] / np.where(tips[..., 1] == 0, 1e-12, tips[..., 1]))), 360)
