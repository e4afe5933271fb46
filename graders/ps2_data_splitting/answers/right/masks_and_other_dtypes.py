# why: Boolean masks, int32 and uint16 row numbers, tuples, legacy seeding, one seed for each repetition.
# %% split-stratified-answer
def stratified_split(labels, fractions, seed):
    state = np.random.RandomState(seed)
    rows = state.permutation(len(labels))
    rank = np.empty(len(labels))
    for label in set(labels.tolist()):
        mine = rows[labels[rows] == label]
        rank[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    first, second = fractions[0], fractions[0] + fractions[1]
    in_train, in_test = rank < first, rank >= second
    return [rows[mask[rows]].astype(np.int32) for mask in (in_train, ~in_train & ~in_test, in_test)]


# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    n = len(times)
    borders = np.cumsum([n - n_val - n_test - 2 * gap, gap, n_val, gap])
    if borders[0] <= 0:
        raise ValueError("too few rows")
    pieces = np.split(np.argsort(times, kind="stable").astype(np.uint16), borders)
    return pieces[0], pieces[2], pieces[4]


# %% split-groups-answer
def first_copies(x):
    equal = (x[:, None, :] == x[None, :, :]).all(axis=2)
    return np.flatnonzero(equal.argmax(axis=1) == np.arange(len(x))).astype(np.int32)


def group_split(groups, test_fraction, seed):
    names, codes = np.unique(groups, return_inverse=True)
    n_test = int(np.ceil(test_fraction * len(names)))
    chosen = np.random.RandomState(seed).choice(len(names), n_test, replace=False)
    mask = np.isin(codes, chosen)
    return np.where(~mask)[0], np.where(mask)[0]


# %% holdout-answer
import pandas as pd


def prepare(x_train, x_new):
    old, new = pd.DataFrame(x_train), pd.DataFrame(x_new)
    old, new = old.fillna(old.median()), new.fillna(old.median())
    spread = old.std(ddof=0).replace(0, 1)
    return (old - old.mean()) / spread, (new - old.mean()) / spread


def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(train_ready.to_numpy(), y[train])
    return np.float32(1) * (model.predict(held_out_ready.to_numpy()) == y[held_out]).mean()


# %% kfold-answer
def k_fold(rows, k):
    rows = np.asarray(rows)
    fold = np.arange(len(rows)) * k // len(rows)
    return tuple((rows[fold != i], rows[fold == i]) for i in range(k))


# %% iterated-kfold-answer
def fold_scores(build_model, x, y, splits):
    models = [build_model() for _ in splits]
    for model, (train, _) in zip(models, splits):
        model.fit(x[train], y[train])
    return tuple((model.predict(x[val]) == y[val]).mean() for model, (_, val) in zip(models, splits))


def iterated_k_fold(build_model, x, y, k, repeats, seed):
    scores = np.zeros((repeats, k))
    for p in range(repeats):
        order = np.random.RandomState(seed + p).permutation(len(x))
        x_shuffled, y_shuffled = x[order], y[order]
        scores[p] = fold_scores(build_model, x_shuffled, y_shuffled, k_fold(np.arange(len(x)), k))
    return scores


# %% tuning-leak-answer
def pick_model(val_correct, test_correct):
    right = np.asarray(val_correct, dtype=int).sum(axis=1)
    best = int(np.flatnonzero(right == right.max())[0])
    return best, right[best] / val_correct.shape[1], test_correct[best].astype(float).mean()


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    state = np.random.RandomState(seed)
    val = state.rand(repeats, n_models, n_val) < 0.5
    test = state.rand(repeats, n_models, n_test) < 0.5
    best = val.mean(axis=2).argmax(axis=1)
    each = np.arange(repeats)
    return val[each, best].mean(), test[each, best].mean()
