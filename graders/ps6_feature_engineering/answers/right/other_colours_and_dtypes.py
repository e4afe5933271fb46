# why: float32 and small integers, masks from the colours' shares, a wider window at the tip, a table of all 720 times.
# %% dial-error-answer
def clock_error(predicted, actual):
    turn = 2 * np.pi * (np.asarray(predicted, dtype=float) - np.asarray(actual, dtype=float)) / 720
    return np.abs(np.arctan2(np.sin(turn), np.cos(turn))) * 360 / np.pi


def to_circle(minutes):
    points = np.empty((len(minutes), 2))
    points[:, 0] = np.sin(np.deg2rad(np.asarray(minutes) / 2.0))
    points[:, 1] = np.cos(np.deg2rad(np.asarray(minutes) / 2.0))
    return points


def from_circle(points):
    x, y = np.asarray(points).T
    return (180 - np.degrees(np.arctan2(y, x)) * 2 + 720) % 720


# %% hand-tips-answer
def hand_tips(images):
    images = np.asarray(images, dtype=np.float32)
    n, s = images.shape[:2]
    y, x = np.mgrid[:s, :s].astype(np.float32) - np.float32((s - 1) / 2)
    r = np.sqrt(x**2 + y**2)
    red, green, blue = np.moveaxis(images, 3, 0)
    tips = np.zeros((n, 2, 2), dtype=np.float32)
    for hand, mask in enumerate((blue - red > 0.4, red - blue > 0.5)):
        reach = np.where(mask, r, 0).max(axis=(1, 2))
        weight = mask * np.clip(r - reach[:, None, None] + 2.5, 0, None)
        total = weight.sum(axis=(1, 2))
        tips[:, hand, 0] = (weight * x).sum(axis=(1, 2)) / total
        tips[:, hand, 1] = -(weight * y).sum(axis=(1, 2)) / total
    return tips


# %% hand-angles-answer
def hand_angles(tips):
    return (450 - np.degrees(np.arctan2(tips[..., 1], tips[..., 0]))) % 360


# %% read-time-answer
def read_time(angles):
    all_times = np.arange(720)
    off_minute = (np.asarray(angles)[:, 1:] - 6 * (all_times % 60) + 180) % 360 - 180
    off_hour = (np.asarray(angles)[:, :1] - all_times / 2 + 180) % 360 - 180
    return np.argmin(1000 * np.round(np.abs(off_minute) / 6) + np.abs(off_hour), axis=1)


def disagreement(angles):
    allowed = np.asarray(angles)[:, 1:] / 12 + 30 * np.arange(12)
    return np.min(180 - np.abs(np.abs(np.asarray(angles)[:, :1] - allowed) - 180), axis=1)


# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    result = np.zeros(len(sizes))
    for i in reversed(range(len(sizes))):
        model = build_model()
        model.fit(np.array(x[: sizes[i]]), np.array(y[: sizes[i]]))
        result[i] = error(model.predict(x_test), y_test).mean()
    return result


def images_needed(sizes, errors, target):
    too_high = [i for i, e in enumerate(errors) if e > target]
    first = too_high[-1] + 1 if too_high else 0
    return sizes[first] if first < len(sizes) else None


# %% table-clean-answer
def clean(x_train, x_new, code):
    known = np.ma.masked_equal(x_train, code)
    quartiles = np.array([np.percentile(column.compressed(), [25, 50, 75]) for column in known.T])
    spread = quartiles[:, 2] - quartiles[:, 0]
    spread[spread == 0] = 1
    return tuple(
        ((np.ma.masked_equal(x, code) - quartiles[:, 1]) / spread).filled(0) for x in (x_train, x_new)
    )


# %% table-pick-answer
def column_scores(x, y):
    names, codes = np.unique(y, return_inverse=True)
    one_hot = np.eye(len(names))[codes]
    centred = x - x.mean(axis=0)
    means = one_hot.T @ centred / one_hot.sum(axis=0)[:, None]
    explained, total = ((one_hot @ means) ** 2).sum(axis=0), (centred**2).sum(axis=0)
    return np.divide(explained, total, out=np.zeros(x.shape[1]), where=total > 1e-12)


def best_columns(x, y, k):
    return np.flip(np.argsort(column_scores(x, y)))[:k].astype(np.uint8)


def suspect_labels(x, y, k):
    result = np.zeros(len(x), dtype=bool)
    for i in range(len(x)):
        nearest = np.argsort(np.sqrt(((np.delete(x, i, axis=0) - x[i]) ** 2).sum(axis=1)))[:k]
        votes = np.delete(y, i)[nearest] == y[i]
        result[i] = np.sum(votes) < np.sum(~votes)
    return result
