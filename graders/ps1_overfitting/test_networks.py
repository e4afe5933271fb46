"""Checks of exercises 5 to 7: meaningless columns, meaningless labels, and the paths between clocks."""

from __future__ import annotations

import numpy as np
from ps1_overfitting.helpers import (
    chance_network,
    given_array,
    held_back,
    hidden_units,
    images,
    rows_and_seed_decide,
)

from goodfit import check, grades

# ---- 5 white noise beside the pixels


def doubled(student, name: str, x: np.ndarray, *args) -> np.ndarray:
    """Call ``with_noise`` or ``with_zeros`` and return the array, with twice as many columns."""
    n, d = x.shape
    got = student.call_sparing(name, x, *args)
    return check.array(got, f"{name}(...)", shape=(n, 2 * d), dtype="number").astype(float)


@grades("noise-columns", points=0.5)
def test_noise_stands_beside_the_pixels(student):
    """The first columns are those of x, unchanged; those after them lie between 0 and 1."""
    for n, d, seed in ((40, 7, 1), (11, 30, 2)):
        x = np.random.default_rng(50 + seed).uniform(2, 3, size=(n, d))
        got = doubled(student, "with_noise", x, np.random.default_rng(seed))
        hint = "np.concatenate([x, noise], axis=1): the noise is beside the pixels, not on them."
        check.close(got[:, :d], x, "the first half of with_noise(...)", rtol=1e-5, hint=hint)
        inside = bool(((got[:, d:] >= 0) & (got[:, d:] <= 1)).all())
        check.that(inside, "The second half of with_noise(...) leaves the range from 0 to 1.", hint)


@grades("noise-columns", points=1)
def test_noise_is_white(student):
    """Every entry of the noise is drawn on its own, evenly, from the generator that was given."""
    n, d = 400, 25
    noise = [doubled(student, "with_noise", np.ones((n, d)), np.random.default_rng(s)) for s in (3, 3, 4)]
    noise = [
        part[:, [j for j in range(2 * d) if not (part[:, j] == 1).all()][-d:]] for part in noise
    ]  # wherever it stands
    hint = "One rng.random(x.shape): a new number for every row and every column, from 0 to 1."
    first = noise[0]
    check.that(first.shape[1] == d and first.size > 0, "There are not as many columns of noise as columns of x.", hint)
    check.that(
        noise[1].shape == first.shape and np.array_equal(noise[1], first),
        "The same seed gives different noise: use the generator that was given.",
        hint,
    )
    check.that(
        noise[2].shape == first.shape and not np.allclose(noise[2], first), "Another seed gives no other noise.", hint
    )
    repeated = len(np.unique(first.round(9))) < 0.99 * first.size
    check.that(not repeated, "The same numbers of noise occur again and again.", hint)
    centred = (first - first.min()) / (np.ptp(first) or 1)  # the range is another check
    # Kolmogorov's distance: for even noise above 0.03 in one of ten million cases with 10,000 numbers
    even = abs(np.sort(centred.ravel()) - np.linspace(0, 1, centred.size)).max() < 0.03
    check.that(even, "The noise is not spread evenly over its range.", hint)
    check.that(first.min() < 0.01 and first.max() > 0.99, "The noise does not reach from 0 to 1.", hint)
    # white noise, 300 pairs of columns of 400 numbers: 0.35 is seven times the spread; rows, of 25 numbers, stray more
    alike = [abs(np.corrcoef(part) - np.eye(len(part))).max() for part in (first.T, first)]
    check.that(alike[0] < 0.35, "The columns of noise tell of each other.", hint)
    check.that(alike[1] < 0.97, "Some rows of noise follow from others.", hint)


@grades("noise-columns", points=0.5)
def test_zeros_stand_beside_the_pixels(student):
    """As many columns of zeros as x has are appended to it."""
    for n, d in ((9, 4), (5, 17)):
        x = np.random.default_rng(60 + d).uniform(1, 2, size=(n, d))
        got = check.array(student.call_sparing("with_zeros", x), "with_zeros(...)", (n, 2 * d), "number").astype(float)
        hint = "np.zeros(x.shape), beside x."
        check.close(got, np.hstack([x, np.zeros((n, d))]), "with_zeros(...)", rtol=1e-5, hint=hint)


def column_puzzles() -> list[tuple[str, np.ndarray, np.ndarray, list[int]]]:
    """Tables in which another rule than the ratio for each column by itself chooses others: what, x, y, the columns."""
    rng = np.random.default_rng(76)
    y = np.arange(8) // 4
    fixed = np.column_stack([np.full(8, 3), [1, 2, 3, 4, 3, 4, 5, 6], 5 * y, [1, 9, 2, 8, 1, 9, 2, 8]])
    tables = [("a column is the same within each class, and another between them", fixed, y, [2])]
    y = np.arange(200) % 2
    wide = y * 0.4 + np.tile(np.linspace(0, 0.6, 100), 2)[np.argsort(np.argsort(y, kind="stable"))]
    stray = y + 0.05 * rng.normal(size=200)
    stray[[2, 3]], stray[[4, 5]] = 2, -1  # little spread within the classes, but a great range
    tables.append(("a few rows of the best column stray", np.column_stack([wide, stray]), y, [1]))
    y = np.arange(240) % 2
    best = 2 * y + rng.normal(size=240)
    copies = [scale * best + 0.01 * rng.normal(size=240) for scale in (1, -1, 2, 1)]
    weaker = 1.2 * y + rng.normal(size=240)
    tables.append(
        ("the best columns tell the same", np.column_stack([copies[0], weaker, *copies[1:]]), y, [0, 2, 3, 4])
    )
    first, second = rng.integers(0, 2, size=(2, 400))
    y = first ^ second
    alone = np.column_stack([first, second, 0.8 * y]) + 0.1 * rng.normal(size=(400, 3)) * [1, 1, 6]
    tables.append(("two columns tell something together, but neither by itself", alone, y, [2]))
    y = np.repeat([0, 1, 2], 60)
    tight = np.concatenate([rng.normal(0, 3, 120), rng.normal(1, 0.02, 60)])  # hardly any spread, in one class only
    tables.append(("one class has less spread than others", np.column_stack([tight, y + rng.normal(size=180)]), y, [1]))
    return tables


@grades("noise-columns", points=1.5)
def test_finds_useful_columns(student):
    """The k columns that tell the classes apart are found, wherever they stand and in whatever units they are."""
    # rows, columns, useful ones, classes, distance of the class means in standard deviations, seed, classes in pairs
    tables = (
        (200, 30, 8, 4, 3, 71, False), (150, 50, 5, 2, 3, 72, False), (240, 24, 12, 3, 3, 73, False),
        (600, 20, 6, 2, 1, 74, False), (300, 30, 5, 5, 5, 75, True),
    )  # fmt: skip
    for n, d, k, classes, apart, seed, in_pairs in tables:
        rng = np.random.default_rng(seed)
        y = rng.permutation(np.arange(n) % classes)
        x = rng.normal(size=(n, d)) + rng.normal(size=d)
        useful = rng.permutation(d)[:k]
        for place, column in enumerate(useful):
            level = apart * rng.permutation(classes)
            if classes > 2 and place % 2:  # outer classes against inner ones: no correlation with the label as a number
                level = (apart + 1) * abs(np.arange(classes) - (classes - 1) / 2)
            if in_pairs:  # one class is above all others and one below, so that the others' means are the mean of all
                level = apart * np.eye(classes)[place % classes] - apart * np.eye(classes)[(place + 1) % classes]
            x[:, column] += level[y]
        x *= 10.0 ** rng.integers(-4, 5, size=d)
        x[:, rng.choice(np.setdiff1d(np.arange(d), useful))] = 4.0  # tells nothing
        names = 10 * np.arange(classes) - 3  # not 0, 1, 2, but in the same order and as far apart
        got = student.call_sparing("useful_columns", x, names[y], k)
        got = check.array(got, "useful_columns(...)", shape=(k,), dtype="integer")
        check.that(len(np.unique(got)) == k, "useful_columns(...) holds a column twice.")
        missed = len(np.setdiff1d(useful, got))
        hint = "How far apart are the class means, relative to the spread within the classes? Highest scores first."
        check.that(
            missed == 0, f"Of {k} columns that tell the classes apart, useful_columns(...) misses {missed}.", hint
        )
    for what, x, y, useful in column_puzzles():
        got = student.call_sparing("useful_columns", x, y, len(useful))
        got = check.array(got, "useful_columns(...)", shape=(len(useful),), dtype="integer")
        check.that(sorted(got.tolist()) == useful, f"useful_columns(...) is wrong where {what}.", hint)


@grades("noise-columns", points=1, timeout=90)
def test_network_recognises_digits(student, given, hidden, thresholds, seed):
    """The network with zero columns knows its training rows, and recognises digits it has never seen nearly as well.

    Trained on labels that are shuffled here, it can be no better than chance on unseen digits. If it is, it has learnt
    from other labels: those of the notebook's validation rows, for instance.
    """
    train, test = given("digits"), hidden("digits")
    x_train, x = (np.hstack([part, np.zeros_like(part)]) for part in (images(train["x_train"]), images(test["x_test"])))
    model = student.model("zeros_model")
    accuracy = model.accuracy(x, test["y_test"])
    own = model.accuracy(x_train, train["y_train"])
    hint = "It should know nearly all of its training rows: more epochs, and nothing that holds it back."
    check.meets(own, thresholds["zeros_training"], "the training accuracy of `zeros_model`", hint=hint)
    hint = "It knows its own rows far better than others. Do its weights start small, as Keras draws them by itself?"
    check.meets(
        own - accuracy, thresholds["zeros_gap"], "the gap of `zeros_model`, training minus unseen accuracy", hint=hint
    )
    hint = "Is it trained long enough, on these labels, with enough units?"
    check.meets(accuracy, thresholds["zeros_accuracy"], "the accuracy of `zeros_model` on unseen digits", hint=hint)
    y = np.random.default_rng([80, seed]).permutation(train["y_train"]).astype(np.int64)
    model = chance_network(student, "train_digits", x_train, y, x, 70 + seed)
    chance = model.accuracy(x, test["y_test"])
    if not thresholds["zeros_of_chance"].met_by(chance):  # now and then shuffled labels tell something by luck
        again = np.random.default_rng([83, seed]).permutation(train["y_train"]).astype(np.int64)
        second = chance_network(student, "train_digits", x_train, again, x, 71 + seed)
        chance = min(chance, second.accuracy(x, test["y_test"]))
    what = "the accuracy on unseen digits of a network that `train_digits` trained on shuffled labels"
    hint = "Train on the rows and labels that the function is given, and on no others: validation rows are for judging."
    check.meets(chance, thresholds["zeros_of_chance"], what, hint=hint)
    units = hidden_units(model.layers)
    hint = "As the exercise says: one hidden layer of 64 to 256 units."
    fits = units is None or (len(units) == 1 and 64 <= units[0] <= 256)
    told = f"have these units: {units}" if units else "are missing"
    check.that(fits, f"The hidden layers of the network that `train_digits` returns {told}.", hint)
    hint = "As the exercise says: no dropout, no noise, no penalty. What you see is what meaningless columns do alone."
    check.that(not held_back(model), "The network that `train_digits` returns is held back.", hint)
    rows_and_seed_decide(student, "train_digits", x_train, y, x, 70 + seed)


# ---- 6 labels without any meaning


def shuffled(student, labels: np.ndarray, seed: int) -> np.ndarray:
    """Call ``shuffle_labels`` and return its labels."""
    got = student.call("shuffle_labels", labels, np.random.default_rng(seed))
    return check.array(got, "shuffle_labels(...)", shape=labels.shape, dtype="integer").astype(np.int64)


@grades("shuffled", points=1)
def test_shuffle_keeps_the_counts(student):
    """Each class has as many rows after the shuffle as before."""
    for seed, counts in enumerate(([90, 10, 40], [5, 5, 5, 5], [1, 200, 3])):
        labels = np.repeat(np.arange(len(counts)) * 2 + 1, counts)
        got = shuffled(student, labels, seed)
        hint = "The same labels in another order: a permutation, not new draws."
        check.that(not np.array_equal(got, labels), "After the shuffle the labels stand as they stood.", hint)
        check.that(
            np.array_equal(np.sort(got), labels), "After the shuffle some labels are missing or there too often.", hint
        )


@grades("shuffled", points=1)
def test_shuffle_is_random(student):
    """The order is random, and the generator that was given decides it."""
    labels = np.repeat(np.arange(10), 60)
    first, again, other = (shuffled(student, labels, seed) for seed in (8, 8, 9))
    hint = "rng.permutation or rng.shuffle of the generator that was given."
    check.that(np.array_equal(first, again), "Two generators with the same seed give different orders.", hint)
    check.that(not np.array_equal(first, other), "Generators with different seeds give the same order.", hint)
    few = np.arange(10)
    orders = np.array([shuffled(student, few, 20 + seed) for seed in range(60)])
    stayed, crossed = (orders == few).sum(axis=0), (orders[:, 5:] < 5).sum()  # by chance about 6 of 60, and 150 of 300
    check.that(bool((stayed < 30).all()), "Some places keep their label almost every time.", hint)
    check.that(crossed > 75, "Labels seldom go from one half of the array to the other.", hint)
    check.that(len(np.unique(orders, axis=0)) > 30, "The same few orders come again and again.", hint)
    agree = float(np.mean(first == labels))
    check.that(agree < 0.2, f"{agree:.0%} of the labels stand where they stood: more than chance allows.", hint)
    neighbours = float(np.mean(first[1:] == first[:-1]))
    check.that(neighbours < 0.2, "Rows that stood beside each other still have the same label.", hint)


@grades("shuffled", points=0.5)
def test_shuffle_copies(student, given):
    """The array of labels that was given is not changed."""
    true = given("digits")["y_train"].astype(np.int64)
    student.call_sparing("shuffle_labels", true, np.random.default_rng(10))
    hint = "For an array, labels[:] is a view of the same memory. labels.copy() is a copy."
    mixed = given_array(student, "shuffled_labels", len(true))
    check.that(not np.array_equal(mixed, true), "`shuffled_labels` stand in the order of the true ones.", hint)
    same = np.array_equal(np.sort(mixed), np.sort(true))
    check.that(same, "`shuffled_labels` are no shuffle of the true ones.", "The same labels in another order.")
    kept = given_array(student, "given_labels", len(true))
    check.that(np.array_equal(kept, true), "`given_labels`, which the cell passed to `shuffle_labels`, changed.", hint)


@grades("shuffled", points=2, timeout=90)
def test_memorises_and_does_not_generalise(student, given, hidden, thresholds, seed):
    """Trained on labels without meaning, the network knows its rows by heart, and is no better than chance on others.

    The labels are shuffled here, so that the notebook's own shuffle does not matter.
    """
    train, test = given("digits"), hidden("digits")
    x, y = images(train["x_train"]), np.random.default_rng([81, seed]).permutation(train["y_train"]).astype(np.int64)
    model = chance_network(student, "train_memoriser", x, y, images(test["x_test"]), 82 + seed)
    hint = (
        "Does it use the labels that it is given? More epochs, more units, a higher learning rate; no regularization."
    )
    what = "the training accuracy on shuffled labels"
    check.meets(model.accuracy(x, y), thresholds["memoriser_training"], what, hint=hint)
    what = "the accuracy on unseen digits of a network that was trained on shuffled labels"
    hint = "Labels without meaning cannot teach it more than chance. Which labels is it trained on?"
    check.meets(
        model.accuracy(images(test["x_test"]), test["y_test"]), thresholds["memoriser_held_out"], what, hint=hint
    )
    hint = "As the exercise says: nothing that holds it back, so no dropout, no noise, no penalty."
    check.that(not held_back(model), "The network that `train_memoriser` returns is held back.", hint)
    rows_and_seed_decide(student, "train_memoriser", x, y, images(test["x_test"]), 82 + seed)


# ---- 7 two ways from one clock to another


@grades("clocks", points=1)
def test_blends_images(student):
    """The blend is the straight line between two images, at equal steps, ends included."""
    for size, steps, seed in ((5, 4, 91), (8, 9, 92), (3, 2, 93), (6, 6, 97)):
        first, second = np.random.default_rng(seed).random((2, size, size))
        if steps == 9:
            first, second = (first < 0.5).astype(np.int64), (second < 0.5).astype(np.int64)  # whole numbers
        if steps == 6:
            first, second = 5 * first - 2, 3 - 4 * second  # a straight line knows no bounds
        got = student.call_sparing("blend", first, second, steps)
        wanted = np.array([first + i * (second - first) / (steps - 1) for i in range(steps)])
        hint = "t goes from 0 to 1 in `steps` values, both included: np.linspace. At t = 0 it is the first image."
        check.close(got, wanted, "blend(...)", rtol=1e-5, atol=1e-6, hint=hint)


WALKS = [(350, 10, 5), (10, 350, 4), (300, 100, 6), (100, 300, 7), (0, 179, 3), (181, 0, 9), (20, 140, 2), (75, 75, 4)]
FRACTIONS = [(359.5, 12.25, 8), (33.3, 222.2, 5)]


@grades("clocks", points=1.5)
def test_walks_the_shorter_way(student):
    """The angles go the shorter way round the circle, in both directions, at equal steps. Whole turns do not count."""
    for first, second, steps in WALKS + FRACTIONS:
        got = check.array(student.call("walk", first, second, steps), "walk(...)", shape=(steps,), dtype="number")
        check.that(bool((abs(got.astype(float)) < 1e6).all()), "walk(...) holds numbers that are far too large.")
        ahead = (second - first) % 360
        turn = ahead if ahead < 180 else ahead - 360
        wanted = first + turn * np.arange(steps) / (steps - 1)
        off = np.abs((got.astype(float) - wanted + 180) % 360 - 180)
        hint = "Between 350 and 10 there are 20 degrees, not 340: bring the difference between -180 and 180 first."
        check.that(bool((off < 1e-3).all()), f"walk({first}, {second}, {steps}) takes another way.", hint)


@grades("clocks", points=0.5)
def test_angles_stay_on_the_dial(student):
    """All angles of a walk are at least 0 and below 360."""
    for first, second, steps in [(350, 10, 5), (10, 350, 4), (300, 40, 6), (40, 300, 8), (2, 359, 4)]:
        got = check.array(student.call("walk", first, second, steps), "walk(...)", shape=(steps,), dtype="number")
        hint = "It begins at the first angle and ends at the second: np.linspace, the short way round."
        check.that(np.ptp(got) > 0, f"All angles of walk({first}, {second}, {steps}) are the same.", hint)
        inside = bool(((got > -1e-9) & (got < 360 + 1e-9)).all())  # % 360 of a tiny negative number rounds to 360
        check.that(inside, f"walk({first}, {second}, {steps}) leaves the range from 0 to 360.", "np.mod, or % 360.")
    held = []
    for first, second, steps in [(350, 10, 5), (300, 40, 6), (340, 20, 3), (330, 60, 4)]:  # one angle of each is 0
        got = check.array(student.call("walk", first, second, steps), "walk(...)", shape=(steps,), dtype="number")
        held.append(bool((got == 360).any()))
    hint = "Twelve o'clock is 0. np.mod, or % 360, makes 0 of 360 as well."
    check.that(not all(held), "walk(350, 10, 5) holds 360 itself.", hint)  # in some, rounding may do it


@grades("clocks", points=1)
def test_measures_the_distance_to_the_nearest(student):
    """The distance is Euclidean, over all pixels, to the nearest image of the gallery."""
    for m, n, size, seed in ((3, 20, 6, 94), (7, 2, 4, 95), (1, 9, 12, 96)):
        rng = np.random.default_rng(seed)
        some, gallery = rng.random((m, size, size)), rng.random((n, size, size))
        flat, others = some.reshape(m, -1), gallery.reshape(n, -1)
        wanted = [min(np.linalg.norm(a - b) for b in others) for a in flat]
        got = student.call_sparing("distance_to_nearest", some, gallery)
        hint = "Square the differences, add over all pixels, take the root; then the smallest over the gallery."
        check.close(got, wanted, "distance_to_nearest(...)", rtol=1e-5, hint=hint)
    # of 152 images the last is as that image is, and the one before it has one pixel that differs, by 3
    gallery = np.concatenate([rng.uniform(2, 3, size=(150, 2, 2)), np.array([[[3.0, 0], [0, 0]], [[9, 9], [9, 9]]])])
    some = np.array([[[0.0, 0], [0, 0]], [[9, 9], [9, 9]]])
    gallery[0] = 1  # four pixels that differ by 1: together more than 3, and yet at a distance of only 2
    got = student.call_sparing("distance_to_nearest", some, gallery)
    check.close(got, [2.0, 0.0], "distance_to_nearest(...)", atol=1e-4, hint=hint)
