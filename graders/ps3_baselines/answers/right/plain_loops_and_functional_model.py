# why: Plain Python with loops, fractions and lists; a functional Keras model with dropout.
# %% counts-answer
def baselines(counts):
    numbers = [int(n) for n in counts]
    total = sum(numbers)
    return {
        "uniform": 1 / len(numbers),
        "majority": max(numbers) / total,
        "shuffle": sum(n * n for n in numbers) / total**2,
    }


def skill(accuracy, counts):
    best = max(counts) / sum(int(n) for n in counts)
    return 1 - (1 - accuracy) / (1 - best)


# %% heldout-answer
from collections import Counter


def label_only(train_labels, test_labels):
    p, q = Counter(np.asarray(train_labels).tolist()), Counter(np.asarray(test_labels).tolist())
    n, m = sum(p.values()), sum(q.values())
    commonest = max(p, key=p.get)
    return [q[commonest] / m, sum(p[c] / n * (q[c] / m) for c in set(p) | set(q))]


# %% shuffle-answer
import random


def shuffle_accuracies(labels, repeats, seed):
    dice = random.Random(seed)
    truth = np.asarray(labels).tolist()
    shuffled, accuracies = list(truth), []
    for _ in range(repeats):
        dice.shuffle(shuffled)
        accuracies.append(sum(a == b for a, b in zip(truth, shuffled)) / len(truth))
    return accuracies


# %% regression-answer
def best_constants(y_train, y_test):
    train, test = sorted(float(y) for y in y_train), [float(y) for y in y_test]
    mean, middle = sum(train) / len(train), train[len(train) // 2]
    squared = sum((y - mean) ** 2 for y in test) / len(test)
    absolute = sum(abs(y - middle) for y in test) / len(test)
    return {"squared": [mean, squared], "absolute": [middle, absolute]}


# %% series-answer
def naive_forecast(series, times, horizon, season=1):
    answers = []
    for t in times:
        source = int(t)
        while source > t - horizon:
            source -= season
        if source < 0:
            raise ValueError("too early")
        answers.append(float(series[source]))
    return answers


def relative_error(actual, forecast, naive):
    ours = sum(abs(a - f) for a, f in zip(actual, forecast))
    theirs = sum(abs(a - f) for a, f in zip(actual, naive))
    return float(ours / theirs)


# %% bound-answer
def p_value(correct, n, baseline):
    if correct == 0:
        return 1.0
    log_term = sum(math.log((n - i) / (correct - i)) for i in range(correct))
    log_term += correct * math.log(baseline) + (n - correct) * math.log(1 - baseline)
    total = 0.0
    for i in range(correct, n + 1):
        total += math.exp(log_term)
        if i < n:
            log_term += math.log((n - i) / (i + 1)) + math.log(baseline / (1 - baseline))
    return total


def lower_bound(correct, n, confidence=0.95):
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = 0.5 * (low + high)
        if p_value(correct, n, middle) > 1 - confidence:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def really_beats(correct, n, baseline, confidence=0.95):
    return p_value(correct, n, baseline) < 1 - confidence


# %% rare-answer
def balanced_accuracy(labels, predictions):
    recalls = []
    for name in set(np.asarray(labels).tolist()):
        mine = [p == name for t, p in zip(labels, predictions) if t == name]
        recalls.append(sum(mine) / len(mine))
    return float(sum(recalls) / len(recalls))


def train_eight_finder(x, y, seed=SEED):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((196,))
    hidden = layers.Dropout(0.5)(layers.Dense(64, activation="relu")(inputs))
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(hidden))
    model.compile(optimizer=keras.optimizers.RMSprop(0.003), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=64, epochs=15, class_weight={0: 1.0, 1: 1.5}, verbose=0)
    return model
