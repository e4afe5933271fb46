# why: The tips are mirrored in place before their angle is taken.
# fails: test_angles_are_never_negative
# %% hand-angles-answer
def hand_angles(tips):
    mirrored = tips
    mirrored[..., 1] *= -1
    return np.mod(180 - np.degrees(np.arctan2(mirrored[..., 0], mirrored[..., 1])), 360)
