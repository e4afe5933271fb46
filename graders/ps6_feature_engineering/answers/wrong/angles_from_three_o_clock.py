# why: Angles as in mathematics: from 3 o'clock, counterclockwise.
# fails: test_angles_run_clockwise_from_twelve
# %% hand-angles-answer
def hand_angles(tips):
    tips = np.asarray(tips)
    return np.mod(np.degrees(np.arctan2(tips[..., 1], tips[..., 0])), 360)
