# why: Counters, pandas, scikit-learn's scores and functional Keras models.
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    result = [int(label) for label in labels]
    for row in rng.permutation(len(result))[: round(rate * len(result))]:
        others = [c for c in range(classes) if c != result[row]]
        result[row] = int(rng.choice(others))
    return np.array(result)


def accuracy_under_noise(accuracy, rate, classes):
    lucky = rate / (classes - 1)
    return np.float64(accuracy * (1 - rate - lucky) + lucky)
# %% ceiling-answer
from collections import Counter, defaultdict


def best_possible_accuracy(x, y):
    groups = defaultdict(Counter)
    for row, label in zip(x, y):
        groups[tuple(row)][label] += 1
    return np.mean(np.repeat([c.most_common(1)[0][1] / sum(c.values()) for c in groups.values()], [sum(c.values()) for c in groups.values()]))


def ambiguous_rows(x, y):
    seen = defaultdict(set)
    for row, label in zip(x, y):
        seen[tuple(row)].add(label)
    return [len(seen[tuple(row)]) > 1 for row in x]
# %% k-curve-answer
def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    def votes(rows, k):
        distance = np.linalg.norm(rows[:, None] - x_train[None], axis=2)
        nearest = y_train[np.argsort(distance, axis=1)[:, :k]]
        return np.array([np.bincount(line).argmax() for line in nearest])

    return [(float(np.mean(votes(x_train, k) == y_train)), float(np.mean(votes(x_test, k) == y_test))) for k in ks]


def diagnose(accuracies, tolerance):
    accuracies = np.asarray(accuracies)
    gap, behind = accuracies[:, 0] - accuracies[:, 1], accuracies[:, 1].max() - accuracies[:, 1]
    return np.where(gap > tolerance, "overfits", np.where(behind > tolerance, "underfits", "fits"))
# %% words-answer
from scipy.stats import binomtest


def chance_p_value(positive, total):
    if total == 0:
        return 1
    return binomtest(positive, total, 0.5).pvalue


def trusted_words(p_values, alpha=0.05):
    return [bool(p * len(p_values) <= alpha) for p in p_values]
# %% noise-columns-answer
from sklearn.feature_selection import f_classif


def with_noise(x, rng):
    return np.hstack((x, rng.uniform(size=x.shape))).astype("float32")


def with_zeros(x):
    return np.pad(x, ((0, 0), (0, x.shape[1])))


def useful_columns(x, y, k):
    varies = np.flatnonzero(x.max(axis=0) > x.min(axis=0))
    score, _ = f_classif(x[:, varies], y)
    best = varies[np.argsort(score)[::-1]][:k]
    return best.tolist()


def train_digits(x, y, seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((x.shape[1],))
    outputs = layers.Dense(10, "softmax")(layers.Dense(64, "relu")(inputs))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.RMSprop(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=60, epochs=16, verbose=0)
    return model
# %% shuffled-answer
def shuffle_labels(labels, rng):
    shuffled = np.array(labels)
    rng.shuffle(shuffled)
    return shuffled


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input(shape=(196,))
    model = keras.Model(inputs, layers.Dense(10, "softmax")(layers.Dense(400, "relu")(inputs)))
    model.compile(optimizer=keras.optimizers.Adam(0.008), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=75, epochs=26, verbose=0, validation_data=(x_val, y_val), validation_freq=2)
    return model
# %% clocks-answer
def blend(first, second, steps):
    return [first + (second - first) * i / (steps - 1) for i in range(steps)]


def walk(first, second, steps):
    turn = second - first
    if turn > 180:
        turn -= 360
    elif turn < -180:
        turn += 360
    return [(first + turn * i / (steps - 1)) % 360 for i in range(steps)]


def distance_to_nearest(images, gallery):
    flat = np.reshape(gallery, (len(gallery), -1))
    return [float(np.linalg.norm(flat - np.ravel(image), axis=1).min()) for image in images]
