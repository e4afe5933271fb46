# why: The same two tips, whatever the image shows.
# fails: test_tips_lie_at_the_ends, test_tips_lie_in_the_right_direction, test_hour_hand_comes_first, test_finds_tips_at_other_sizes, test_finds_tips_of_overlapping_hands, test_finds_tips_in_noise
# %% hand-tips-answer
def hand_tips(images):
    return np.tile(np.array([[14.7, 0.0], [0.0, 23.6]]), (len(images), 1, 1))
