# why: Short hands have no direction.
# fails: test_angles_run_clockwise_from_twelve
# %% hand-angles-answer
def hand_angles(tips):
    tips = np.asarray(tips, dtype=float)
    angles = np.mod(np.degrees(np.arctan2(tips[..., 0], tips[..., 1])), 360)
    return np.where(np.hypot(tips[..., 0], tips[..., 1]) < 1, 0, angles)
