# why: Plain Python loops and lists, complex numbers for the circle, the single farthest pixel of each hand as its tip, distances to colours.
# %% dial-error-answer
import cmath
import math


def clock_error(predicted, actual):
    errors = []
    for p, a in zip(predicted, actual):
        d = abs(float(p) - float(a))
        while d > 360:
            d = abs(d - 720)
        errors.append(d)
    return errors


def to_circle(minutes):
    return [[math.sin(m * math.pi / 360), math.cos(m * math.pi / 360)] for m in minutes]


def from_circle(points):
    times = []
    for x, y in points:
        turn = cmath.phase(complex(y, x))
        times.append((turn if turn >= 0 else turn + 2 * math.pi) * 360 / math.pi)
    return np.array(times)


# %% hand-tips-answer
def hand_tips(images):
    tips = []
    for image in images:
        size = len(image)
        both = []
        for colour in (HOUR_COLOUR, MINUTE_COLOUR):
            close = np.linalg.norm(image - np.array(colour), axis=2) < 0.35
            farthest, places = -1.0, []
            for row, column in np.argwhere(close):
                x, y = column - (size - 1) / 2, (size - 1) / 2 - row
                if math.hypot(x, y) > farthest:
                    farthest, places = math.hypot(x, y), [x, y]
            both.append(places)
        tips.append(both)
    return tips


# %% hand-angles-answer
def hand_angles(tips):
    result = []
    for clock in tips:
        result.append([])
        for x, y in clock:
            degrees = math.degrees(math.acos(y / math.hypot(x, y)))
            result[-1].append(degrees if x >= 0 else 360 - degrees)
    return np.array(result).reshape(-1, 2)


# %% read-time-answer
def read_time(angles):
    times = []
    for hour_angle, minute_angle in angles:
        best = None
        for time in range(720):
            wrong_minute = abs((minute_angle - 6 * (time % 60) + 180) % 360 - 180)
            wrong_hour = abs((hour_angle - time / 2 + 180) % 360 - 180)
            if best is None or (wrong_minute > 3, wrong_hour) < best[0]:
                best = (wrong_minute > 3, wrong_hour), time
        times.append(best[1])
    return times


def disagreement(angles):
    return [min(abs((h - 30 * k - m / 12 + 180) % 360 - 180) for k in range(12)) for h, m in angles]


# %% learning-curve-answer
def learning_curve(build_model, error, x, y, x_test, y_test, sizes):
    return [
        sum(error(build_model().fit(x[:n], y[:n]).predict(x_test), y_test)) / len(y_test) for n in sizes
    ]


def images_needed(sizes, errors, target):
    for i, size in enumerate(sizes):
        if all(e <= target for e in errors[i:]):
            return size


# %% table-clean-answer
def clean(x_train, x_new, code):
    train_ready, new_ready = np.zeros(x_train.shape), np.zeros(x_new.shape)
    for j in range(x_train.shape[1]):
        known = x_train[x_train[:, j] != code, j]
        q25, q50, q75 = (np.percentile(known, q) for q in (25, 50, 75))
        for source, target in ((x_train, train_ready), (x_new, new_ready)):
            for i in range(len(source)):
                if source[i, j] != code:
                    target[i, j] = (source[i, j] - q50) / ((q75 - q25) or 1)
    return [train_ready, new_ready]


# %% table-pick-answer
def column_scores(x, y):
    scores = []
    for column in x.T:
        if column.max() == column.min():
            scores.append(0.0)
            continue
        within = sum(((column[y == label] - column[y == label].mean()) ** 2).sum() for label in set(y.tolist()))
        scores.append(1 - within / ((column - column.mean()) ** 2).sum())
    return scores


def best_columns(x, y, k):
    scores = column_scores(x, y)
    return sorted(range(len(scores)), key=lambda j: scores[j], reverse=True)[:k]


def suspect_labels(x, y, k):
    suspects = []
    for i in range(len(x)):
        others = [j for j in range(len(x)) if j != i]
        others.sort(key=lambda j: float(np.linalg.norm(x[i] - x[j])))
        suspects.append(sum(bool(y[j] == y[i]) for j in others[:k]) < k / 2)
    return suspects
