# why: Plain Python: loops, lists and the random module; folds are dealt out like cards.
# %% split-stratified-answer
import random


def stratified_split(labels, fractions, seed):
    dice = random.Random(seed)
    by_class = {}
    for i, label in enumerate(labels):
        by_class.setdefault(str(label), []).append(i)
    train, val, test = [], [], []
    for rows in by_class.values():
        dice.shuffle(rows)
        n_train = int(fractions[0] * len(rows))
        n_val = int(fractions[1] * len(rows))
        train += rows[:n_train]
        val += rows[n_train : n_train + n_val]
        test += rows[n_train + n_val :]
    for part in (train, val, test):
        dice.shuffle(part)
    return train, val, test


# %% split-time-answer
def time_split(times, n_val, n_test, gap):
    order = sorted(range(len(times)), key=lambda i: times[i])
    parts = []
    for size in (n_test, gap, n_val, gap):
        if size >= len(order):
            raise ValueError(f"only {len(order)} rows are left for a part of {size}")
        parts.append(order[len(order) - size :])
        order = order[: len(order) - size]
    return [order, parts[2], parts[0]]


# %% split-groups-answer
import random


def first_copies(x):
    seen, keep = set(), []
    for i, row in enumerate(x):
        key = tuple(row.tolist())
        if key not in seen:
            seen.add(key)
            keep.append(i)
    return keep


def group_split(groups, test_fraction, seed):
    names = sorted(set(groups.tolist()))
    random.Random(seed).shuffle(names)
    chosen = set(names[: max(1, int(test_fraction * len(names)))])
    train = [i for i, name in enumerate(groups.tolist()) if name not in chosen]
    test = [i for i, name in enumerate(groups.tolist()) if name in chosen]
    return train, test


# %% holdout-answer
def prepare(x_train, x_new):
    x_train, x_new = x_train.copy(), x_new.copy()
    for j in range(x_train.shape[1]):
        known = sorted(v for v in x_train[:, j] if not np.isnan(v))
        middle = len(known) // 2
        median = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
        for table in (x_train, x_new):
            for i in range(len(table)):
                if np.isnan(table[i, j]):
                    table[i, j] = median
        mean = sum(x_train[:, j]) / len(x_train)
        deviation = (sum((v - mean) ** 2 for v in x_train[:, j]) / len(x_train)) ** 0.5
        if deviation == 0:
            deviation = 1.0
        x_train[:, j] = (x_train[:, j] - mean) / deviation
        x_new[:, j] = (x_new[:, j] - mean) / deviation
    return x_train.tolist(), x_new.tolist()


def holdout_accuracy(build_model, x, y, train, held_out):
    train_ready, held_out_ready = prepare(x[train], x[held_out])
    model = build_model()
    model.fit(np.array(train_ready), y[train])
    predictions = model.predict(np.array(held_out_ready))
    right = 0
    for prediction, label in zip(predictions, y[held_out]):
        right += prediction == label
    return right / len(held_out)


# %% kfold-answer
def k_fold(rows, k):
    rows = [int(row) for row in rows]
    folds = []
    for i in range(k):
        val = rows[i::k]
        folds.append([[row for row in rows if row not in val], val])
    return folds


# %% iterated-kfold-answer
import random


def fold_scores(build_model, x, y, splits):
    scores = []
    for train, val in splits:
        model = build_model()
        model.fit(x[train], y[train])
        predictions = model.predict(x[val])
        scores.append(sum(int(p == t) for p, t in zip(predictions, y[val])) / len(val))
    return scores


def iterated_k_fold(build_model, x, y, k, repeats, seed):
    lines = []
    for repetition in range(repeats):
        rows = list(range(len(x)))
        random.Random(f"{seed}/{repetition}").shuffle(rows)
        lines.append(fold_scores(build_model, x, y, k_fold(rows, k)))
    return lines


# %% tuning-leak-answer
import random


def pick_model(val_correct, test_correct):
    best, best_right = 0, -1
    for i, row in enumerate(val_correct):
        right = sum(int(v) for v in row)
        if right > best_right:
            best, best_right = i, right
    test_row = [int(v) for v in test_correct[best]]
    return [best, best_right / len(val_correct[best]), sum(test_row) / len(test_row)]


def measure_optimism(n_models, n_val, n_test, repeats, seed):
    dice = random.Random(seed)
    total_val = total_test = 0.0
    for _ in range(repeats):
        val = [[dice.random() < 0.5 for _ in range(n_val)] for _ in range(n_models)]
        test = [[dice.random() < 0.5 for _ in range(n_test)] for _ in range(n_models)]
        _, val_accuracy, test_accuracy = pick_model(val, test)
        total_val += val_accuracy
        total_test += test_accuracy
    return [total_val / repeats, total_test / repeats]
