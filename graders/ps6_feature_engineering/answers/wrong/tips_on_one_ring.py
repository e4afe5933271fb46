# why: The direction is right, but the tip is put at half and at eight tenths of the radius, as in the worked example.
# fails: test_tips_lie_at_the_ends
# %% hand-tips-answer
def hand_tips(images):
    centre = (images.shape[1] - 1) / 2
    rows, columns = np.mgrid[: images.shape[1], : images.shape[2]]
    x, y = columns - centre, centre - rows
    distance = np.hypot(x, y)
    warmth = images[..., 0] - images[..., 2]
    tips = np.zeros((len(images), 2, 2))
    for tip, hour_mask, minute_mask in zip(tips, warmth < -0.36, warmth > 0.45):
        for hand, mask in enumerate((hour_mask, minute_mask)):
            outermost = mask & (distance >= distance[mask].max() - 1.5)
            tip[hand] = x[outermost].mean(), y[outermost].mean()
            tip[hand] *= (0.5 if hand == 0 else 0.8) * 0.46 * images.shape[1] / np.hypot(*tip[hand])
    return tips
