# why: The centre is half the number of pixels: half a pixel too far right and down.
# fails: test_tips_lie_in_the_right_direction
# %% hand-tips-answer
def hand_tips(images):
    centre = images.shape[1] / 2
    rows, columns = np.mgrid[: images.shape[1], : images.shape[2]]
    x, y = columns - centre, centre - rows
    distance = np.hypot(x, y)
    warmth = images[..., 0] - images[..., 2]
    tips = np.zeros((len(images), 2, 2))
    for tip, hour_mask, minute_mask in zip(tips, warmth < -0.36, warmth > 0.45):
        for hand, mask in enumerate((hour_mask, minute_mask)):
            outermost = mask & (distance >= distance[mask].max() - 1.5)
            tip[hand] = x[outermost].mean(), y[outermost].mean()
    return tips
