# why: Tips are measured as if every image had been resized to 64 pixels.
# fails: test_finds_tips_at_other_sizes
# %% hand-tips-answer
def hand_tips(images):
    n, size = images.shape[:2]
    rows, columns = np.mgrid[:size, :size]
    x, y = columns - (size - 1) / 2, (size - 1) / 2 - rows
    r = np.hypot(x, y)
    tips = np.zeros((n, 2, 2))
    for i, image in enumerate(images):
        tint = image[..., 0] - image[..., 2]
        for j, mask in enumerate((tint < -0.35, tint > 0.45)):
            far = mask & (r > r[mask].max() - 1.5)
            tips[i, j] = x[far].mean(), y[far].mean()
    return tips * 64 / size
