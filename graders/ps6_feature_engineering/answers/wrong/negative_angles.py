# why: The left half of the dial gets negative angles.
# fails: test_angles_are_never_negative
# %% hand-angles-answer
def hand_angles(tips):
    tips = np.asarray(tips)
    return np.degrees(np.arctan2(tips[..., 0], tips[..., 1]))
