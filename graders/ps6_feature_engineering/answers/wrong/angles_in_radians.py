# why: The angles are in radians.
# fails: test_angles_run_clockwise_from_twelve
# %% hand-angles-answer
def hand_angles(tips):
    tips = np.asarray(tips)
    return np.mod(np.arctan2(tips[..., 0], tips[..., 1]), 2 * np.pi)
