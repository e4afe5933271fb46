# why: Everything that scikit-learn and pandas have is used: train_test_split, GroupShuffleSplit, KFold, cross_val_score, pipelines.
# %% split-stratified-answer
from sklearn.model_selection import train_test_split


def stratified_split(labels, fractions, seed):
    train_share, val_share, test_share = fractions
    rows = np.arange(len(labels))
    train, rest = train_test_split(rows, train_size=train_share, stratify=labels, random_state=seed)
    val, test = train_test_split(
        rest, train_size=val_share / (val_share + test_share), stratify=labels[rest], random_state=seed)
    return train, val, test


# %% split-time-answer
import pandas as pd


def time_split(times, n_val, n_test, gap):
    order = pd.Series(times).sort_values().index
    if len(order) <= n_val + n_test + 2 * gap:
        raise ValueError("no training row left")
    test, order = order[-n_test:], order[:-n_test]
    order = order[: len(order) - gap]
    val, order = order[-n_val:], order[:-n_val]
    return order[: len(order) - gap], val, test


# %% split-groups-answer
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit


def first_copies(x):
    return np.flatnonzero(~pd.DataFrame(x).duplicated())


def group_split(groups, test_fraction, seed):
    splitter = GroupShuffleSplit(n_splits=1, test_size=test_fraction, random_state=seed)
    return next(splitter.split(groups, groups=groups))


# %% holdout-answer
def prepare(x_train, x_new):
    steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(x_train)
    return [steps.transform(x_train), steps.transform(x_new)]


def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    return build_model().fit(train_ready, y[train]).score(held_out_ready, y[held_out])


# %% kfold-answer
from sklearn.model_selection import KFold


def k_fold(rows, k):
    return [(rows[train], rows[val]) for train, val in KFold(k).split(rows)]


# %% iterated-kfold-answer
from sklearn.model_selection import RepeatedKFold, cross_val_score


def fold_scores(build_model, x, y, splits):
    return cross_val_score(build_model(), x, y, cv=splits)


def iterated_k_fold(build_model, x, y, k, repeats, seed):
    folds = RepeatedKFold(n_splits=k, n_repeats=repeats, random_state=seed)
    return cross_val_score(build_model(), x, y, cv=folds).reshape(repeats, k)


# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    accuracy = val_correct.mean(axis=1)
    best = accuracy.argmax()
    return np.array([best, accuracy[best], test_correct.mean(axis=1)[best]])


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    rng = np.random.default_rng(seed)
    best = rng.binomial(n_val, 0.5, size=(repeats, n_models)).max(axis=1)
    return best.mean() / n_val, rng.binomial(n_test, 0.5, size=repeats).mean() / n_test
