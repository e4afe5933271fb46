# why: Searches over all marks and hours, the farthest pixel alone, recursion, scikit-learn.
# %% dial-error-answer
import math


def clock_error(predicted, actual):
    return np.array([abs(math.remainder(float(p) - float(a), 720)) for p, a in zip(predicted, actual)])


def to_circle(minutes):
    return np.array([(math.sin(math.tau * m / 720), math.cos(math.tau * m / 720)) for m in minutes])


def from_circle(points):
    return np.array([math.atan2(x, y) % math.tau / math.tau * 720 for x, y in points])


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
            far = mask & (r > r[mask].max() - 1e-9)
            tips[i, j] = x[far].mean(), y[far].mean()
    return tips


# %% hand-angles-answer
def hand_angles(tips):
    return (450 - np.degrees(np.arctan2(tips[:, :, 1], tips[:, :, 0]))) % 360


# %% read-time-answer
def _round(a, b):
    d = abs(a - b) % 360
    return min(d, 360 - d)


def read_time(angles):
    times = []
    for a, b in np.asarray(angles).tolist():
        m = min(range(60), key=lambda m: _round(6 * m, b))
        h = min(range(12), key=lambda h: _round(30 * h + m / 2, a))
        times.append(60 * h + m)
    return np.array(times, dtype=np.int16)


def disagreement(angles):
    return np.array([min(_round(30 * h + b / 12, a) for h in range(12)) for a, b in angles])


# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    result = {}
    for size in sorted(sizes, reverse=True):
        model = build_model()
        model = model.fit(x[:size].copy(), y[:size].copy()) or model
        result[size] = error(model.predict(x_test.copy()), y_test.copy()).mean()
    return np.array([result[size] for size in sizes])


def images_needed(sizes, errors, target):
    if len(sizes) == 0 or errors[-1] > target:
        return None
    before = images_needed(sizes[:-1], errors[:-1], target)
    return sizes[-1] if before is None else before


# %% table-clean-answer
from sklearn.preprocessing import RobustScaler


def clean(x_train, x_new, code):
    parts = [np.array(part, dtype=float) for part in (x_train, x_new)]
    for part in parts:
        part[part == code] = np.nan
    scaler = RobustScaler().fit(parts[0])
    return [np.nan_to_num(scaler.transform(part)) for part in parts]


# %% table-pick-answer
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import LabelEncoder


def column_scores(x, y):
    hot = np.asarray(y)[:, None] == np.unique(y)
    centred = np.asarray(x, dtype=float) - np.mean(x, axis=0)
    sums = hot.T @ centred
    between = (sums**2 / hot.sum(axis=0)[:, None]).sum(axis=0)
    total = (centred**2).sum(axis=0)
    varied = np.ptp(x, axis=0) > 0
    return np.divide(between, total, out=np.zeros(len(total)), where=varied)


def best_columns(x, y, k):
    scores = column_scores(x, y).tolist()
    return np.array(sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:k])


def suspect_labels(x, y, k):
    codes = LabelEncoder().fit_transform(y)
    near = NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)
    return np.mean(codes[near] == codes[:, None], axis=1) < 0.5
