# why: RobustScaler, r2 of one-hot regressions, NearestNeighbors, pandas; direction of a hand from its centroid, brightness-weighted.
# %% dial-error-answer
def clock_error(predicted, actual):
    return np.abs((np.asarray(predicted, dtype=float) - actual + 360) % 720 - 360)


def to_circle(minutes):
    turned = np.exp(1j * np.pi * np.asarray(minutes) / 360)
    return np.stack([turned.imag, turned.real], axis=1)


def from_circle(points):
    degrees = np.angle(points[:, 1] + 1j * points[:, 0], deg=True)
    return np.where(degrees < 0, degrees + 360, degrees) * 2


# %% hand-tips-answer
def hand_tips(images):
    s = images.shape[1]
    axis = np.arange(s) - (s - 1) / 2
    x, y = np.meshgrid(axis, -axis)
    warm = images[..., 0] - images[..., 2]
    tips = np.empty((len(images), 2, 2), dtype=np.float32)
    for hand, weight in enumerate((np.clip(-warm / 0.72, 0, 1), np.clip(warm / 0.9, 0, 1))):
        weight = np.where(weight > 0.5, weight, 0)
        middle = np.stack([(weight * x).sum((1, 2)), (weight * y).sum((1, 2))], axis=1)
        middle /= np.hypot(*middle.T)[:, None]
        reach = np.where(weight > 0, np.hypot(x, y), 0).max((1, 2))
        tips[:, hand] = middle * reach[:, None]
    return tips


# %% hand-angles-answer
def hand_angles(tips):
    around = tips[:, :, 1] + 1j * tips[:, :, 0]
    degrees = np.rad2deg(np.angle(around))
    degrees[degrees < 0] += 360
    return degrees


# %% read-time-answer
def read_time(angles):
    angles = np.asarray(angles)
    minute = np.floor(angles[:, 1] / 6 + 0.5).astype(int) % 60
    hours = np.arange(12)
    off = angles[:, :1] - (30 * hours + minute[:, None] / 2)
    hour = np.abs((off + 180) % 360 - 180).argmin(axis=1)
    return (60 * hour + minute).astype(np.int16)


def disagreement(angles):
    off = angles[:, 0] - angles[:, 1] / 12
    return np.abs(off - 30 * np.round(off / 30))


# %% learning-curve-answer
import pandas as pd


def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    def one(size):
        model = build_model()
        model.fit(x[np.arange(size)], y[np.arange(size)])
        return np.average(error(model.predict(x_test), y_test))

    return pd.Series({size: one(size) for size in sizes})


def images_needed(sizes, errors, target):
    worst = np.maximum.accumulate(np.asarray(errors)[::-1])[::-1]
    good = np.flatnonzero(worst <= target)
    return int(np.asarray(sizes)[good[0]]) if len(good) else None


# %% table-clean-answer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import RobustScaler


def clean(x_train, x_new, code):
    old, new = (pd.DataFrame(x).replace(code, np.nan) for x in (x_train, x_new))
    steps = make_pipeline(RobustScaler(), SimpleImputer(strategy="median"))
    return steps.fit_transform(old.to_numpy()), steps.transform(new.to_numpy())


# %% table-pick-answer
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.neighbors import NearestNeighbors


def column_scores(x, y):
    dummies = pd.get_dummies(pd.Series(y)).to_numpy().astype(float)
    fitted = LinearRegression(fit_intercept=False).fit(dummies, x).predict(dummies)
    scores = r2_score(x, fitted, multioutput="raw_values")
    return np.where(np.ptp(x, axis=0) == 0, 0, scores)


def best_columns(x, y, k):
    return pd.Series(column_scores(x, y)).sort_values(ascending=False).index[:k].to_numpy()


def suspect_labels(x, y, k):
    neighbours = NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)  # without the row itself
    return (np.asarray(y)[neighbours] == np.asarray(y)[:, None]).mean(axis=1) < 0.5
