# why: The minute hand is the farthest coloured pixel; everything within 20 degrees of it is wiped out, and the hour hand is sought in the rest.
# fails: test_finds_tips_of_overlapping_hands
# %% hand-tips-answer
def hand_tips(images):
    size = images.shape[1]
    rows, columns = np.mgrid[:size, :size]
    x, y = columns - (size - 1) / 2, (size - 1) / 2 - rows
    distance, direction = np.hypot(x, y), np.degrees(np.arctan2(x, y))
    tips = np.zeros((len(images), 2, 2))
    for i, coloured in enumerate(np.abs(images[..., 0] - images[..., 2]) > 0.4):
        outermost = coloured & (distance >= distance[coloured].max() - 1.5)
        tips[i, 1] = x[outermost].mean(), y[outermost].mean()
        turn = direction - np.degrees(np.arctan2(tips[i, 1, 0], tips[i, 1, 1]))
        rest = coloured & (np.abs((turn + 180) % 360 - 180) > 20) & (distance > 0.1 * size)
        if rest.any():
            outermost = rest & (distance >= distance[rest].max() - 1.5)
            tips[i, 0] = x[outermost].mean(), y[outermost].mean()
    return tips
