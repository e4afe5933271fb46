# why: Plain Python loops and dictionaries, lists in place of arrays, and a functional model with dropout and one sigmoid unit.
# %% audit-answer
def audit(x, y):
    seen, copies = set(), 0
    for row in x.tolist():
        key = tuple("gone" if v != v else v for v in row)
        copies += key in seen
        seen.add(key)
    missing, constant = [], []
    for j in range(x.shape[1]):
        known = [v for v in x[:, j].tolist() if v == v]
        missing.append(len(x) - len(known))
        if len(set(known)) < 2:
            constant.append(j)
    shares = {}
    for label in y:
        shares[int(label)] = shares.get(int(label), 0) + 1 / len(y)
    return {"copies": copies, "missing": missing, "constant": constant, "shares": shares}
# %% split-answer
def first_copies(x, day):
    best = {}
    for i, row in enumerate(x.tolist()):
        key = tuple(None if v != v else v for v in row)
        if key not in best or day[i] < day[best[key]]:
            best[key] = i
    return sorted(best.values())


def split_by_day(day, share):
    days = sorted(set(day.tolist()), reverse=True)
    val = []
    for d in days:
        val += [i for i in range(len(day)) if day[i] == d]
        if len(val) >= share * len(day):
            break
    train = [i for i in range(len(day)) if i not in set(val)]
    if not train:
        raise ValueError("nothing to learn from")
    return train, val
# %% prepare-answer
def prepare(x_train, x_new):
    done, done_new = [], []
    for j in range(x_train.shape[1]):
        known = [v for v in x_train[:, j] if not math.isnan(v)]
        middle = float(np.median(known))
        a = [middle if math.isnan(v) else float(v) for v in x_train[:, j]]
        b = [middle if math.isnan(v) else float(v) for v in x_new[:, j]]
        m = math.fsum(a) / len(a)
        s = math.sqrt(math.fsum((v - m) ** 2 for v in a) / len(a))
        if max(a) == min(a):
            m, s = a[0], 1.0
        done.append([min(4.0, max(-4.0, (v - m) / s)) for v in a])
        done_new.append([min(4.0, max(-4.0, (v - m) / s)) for v in b])
    return np.array(done).T, np.array(done_new).T
# %% baseline-answer
def baseline_answers(y_train, n):
    counts = {}
    for label in sorted(int(v) for v in y_train):
        counts[label] = counts.get(label, 0) + 1
    return [max(counts, key=counts.get)] * n


def sign_test(y, ours, theirs):
    win = lose = 0
    for truth, a, b in zip(y, ours, theirs):
        win += bool(a == truth and b != truth)
        lose += bool(b == truth and a != truth)
    p = sum(math.exp(math.lgamma(win + lose + 1) - math.lgamma(k + 1) - math.lgamma(win + lose - k + 1) - (win + lose) * math.log(2))
            for k in range(win, win + lose + 1))
    return [win, lose, p]
# %% columns-answer
def column_score(values, y, bins=5):
    pairs = [(v, int(label)) for v, label in zip(values, y) if v == v]
    if not pairs or len({label for _, label in pairs}) < 2:
        return 0
    edges = [float(np.quantile([v for v, _ in pairs], b / bins)) for b in range(1, bins)]
    mean = sum(label for _, label in pairs) / len(pairs)
    groups = {}
    for v, label in pairs:
        groups.setdefault(sum(e <= v for e in edges), []).append(label)
    top = sum(len(g) * (sum(g) / len(g) - mean) ** 2 for g in groups.values())
    return top / sum((label - mean) ** 2 for _, label in pairs)


def stable_columns(x, y, day, train, blocks=3, least=0.03, bins=5):
    rows = sorted((int(r) for r in train), key=lambda r: (day[r], r))
    kept = []
    for j in range(x.shape[1]):
        if all(column_score(x[b, j], y[b], bins) >= least for b in np.array_split(np.array(rows), blocks)):
            kept.append(j)
    return kept
# %% suspects-answer
def support(x, y, folds, k):
    shares = []
    for i in range(len(x)):
        others = [j for j in range(len(x)) if folds[j] != folds[i]]
        others.sort(key=lambda j: np.linalg.norm(x[i] - x[j]))
        shares.append(sum(bool(y[j] == y[i]) for j in others[:k]) / k)
    return shares


def suspects(x, y, seed):
    trees = RandomForestClassifier(60, min_samples_leaf=5, random_state=seed)
    p = cross_val_predict(trees, x, y, cv=KFold(4, shuffle=True, random_state=seed), method="predict_proba")
    return [i for i in range(len(y)) if p[i, int(y[i])] < 0.4]
# %% model-answer
NAMES = ["sugar", "acid", "firmness", "redness"]
FIRST = np.asarray(first_copies(x, day))
TRAIN, VALID = (FIRST[np.asarray(part)] for part in split_by_day(day[FIRST], 0.25))
CENTRE = pd.DataFrame(x[TRAIN], columns=columns)[NAMES].median()
SPREAD = pd.DataFrame(x[TRAIN], columns=columns)[NAMES].std()


def prepare_rows(x):
    table = pd.DataFrame(x, columns=columns)[NAMES].fillna(CENTRE)
    return ((table - CENTRE) / SPREAD).clip(-3, 3).to_numpy("float32")


def train_model(seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((4,))
    hidden = layers.Dense(32, activation="relu")(inputs)
    hidden = layers.Dropout(0.2)(hidden)
    hidden = layers.Dense(16, activation="relu")(hidden)
    net = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden))
    net.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
    net.fit(prepare_rows(x[TRAIN]), y[TRAIN], batch_size=100, epochs=50, verbose=0, callbacks=[stop],
            validation_data=(prepare_rows(x[VALID]), y[VALID]), validation_batch_size=300)
    return net
