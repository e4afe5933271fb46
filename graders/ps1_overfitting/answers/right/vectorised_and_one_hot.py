# why: NumPy throughout; p-values by the smaller tail; one-hot labels and two hidden layers in Keras.
# %% label-noise-answer
def flip_labels(labels, rate, classes, rng):
    labels = np.asarray(labels)
    n = len(labels)
    mask = np.zeros(n, dtype=bool)
    mask[: round(rate * n)] = True
    rng.shuffle(mask)
    other = rng.integers(0, classes - 1, size=n)
    other += other >= labels
    return np.where(mask, other, labels).astype("int32")


def accuracy_under_noise(accuracy, rate, classes):
    return np.array([accuracy, 1 - accuracy]) @ np.array([1 - rate, rate / (classes - 1)])
# %% ceiling-answer
import pandas as pd


def best_possible_accuracy(x, y):
    _, group = np.unique(np.asarray(x), axis=0, return_inverse=True)
    _, label = np.unique(y, return_inverse=True)
    return pd.crosstab(group.ravel(), label.ravel()).max(axis=1).sum() / len(y)


def ambiguous_rows(x, y):
    frame = pd.DataFrame(np.asarray(x))
    features = list(frame.columns)
    frame["label"] = np.asarray(y)
    return frame.groupby(features)["label"].transform("nunique") > 1
# %% k-curve-answer
from sklearn.metrics import accuracy_score


def accuracy_by_k(x_train, y_train, x_test, y_test, ks):
    result = np.zeros((len(ks), 2))
    for i, k in enumerate(ks):
        model = KNeighborsClassifier(n_neighbors=k)
        model.fit(x_train, y_train)
        result[i, 0] = accuracy_score(y_train, model.predict(x_train))
        result[i, 1] = accuracy_score(y_test, model.predict(x_test))
    return result


def diagnose(accuracies, tolerance):
    best = np.max(accuracies, axis=0)[1]
    def word(pair):
        if pair[0] > pair[1] + tolerance:
            return "overfits"
        return "fits" if pair[1] + tolerance >= best else "underfits"
    return tuple(word(pair) for pair in accuracies)
# %% words-answer
def chance_p_value(positive, total):
    smaller = min(positive, total - positive)
    chance = math.exp(-total * math.log(2)) if total < 500 else None
    if chance is None:
        tail = sum(math.comb(total, j) for j in range(smaller + 1))
        return min(1.0, 2 * tail / 2**total)
    return min(1.0, sum(2 * math.comb(total, j) * chance for j in range(smaller + 1)))


def trusted_words(p_values, alpha=0.05):
    limit = alpha / np.size(p_values)
    return np.array([p <= limit for p in p_values])
# %% noise-columns-answer
def with_noise(x, rng):
    result = np.empty((x.shape[0], 2 * x.shape[1]))
    result[:, : x.shape[1]] = x
    result[:, x.shape[1] :] = rng.random((x.shape[0], x.shape[1]))
    return result


def with_zeros(x):
    return np.c_[x, np.zeros_like(x)]


def useful_columns(x, y, k):
    scores = []
    for column in np.asarray(x, dtype="float64").T:
        if column.std() == 0:
            scores.append(0.0)
            continue
        means = np.array([column[y == label].mean() for label in np.unique(y)])
        inside = np.mean([column[y == label].var() for label in np.unique(y)])
        scores.append(means.var() / (inside + 1e-30))
    return np.sort(np.argsort(scores)[-k:])


def train_digits(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([layers.Dense(200, activation="tanh"), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="categorical_crossentropy")
    model.fit(x, keras.utils.to_categorical(y, 10), batch_size=50, epochs=14, verbose=0)
    return model
# %% shuffled-answer
def shuffle_labels(labels, rng):
    return labels[rng.permutation(len(labels))]


def train_memoriser(x, y, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential()
    model.add(keras.Input((196,)))
    model.add(layers.Dense(256, activation="relu"))
    model.add(layers.Dense(256, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    for _ in range(5):
        model.fit(x, y, batch_size=75, epochs=6, verbose=0)
        if model.evaluate(x, y, verbose=0)[1] > 0.99:
            break
    return model
# %% clocks-answer
def blend(first, second, steps):
    return np.linspace(first, second, steps)


def walk(first, second, steps):
    ends = np.unwrap([first, second], period=360)
    return np.mod(np.linspace(*ends, steps), 360)


def distance_to_nearest(images, gallery):
    a, b = np.reshape(images, (len(images), -1)).astype(float), np.reshape(gallery, (len(gallery), -1)).astype(float)
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0).min(axis=1))
