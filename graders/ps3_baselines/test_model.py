"""Checks of exercise 7: balanced accuracy, and a network that finds eights it has never seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit import check, grades


def recalls(labels: np.ndarray, answers: np.ndarray) -> list[float]:
    """Share of right answers for each class in the labels."""
    return [
        sum(a == b for a, b in zip(labels, answers, strict=True) if a == name) / sum(a == name for a in labels)
        for name in sorted(set(labels.tolist()))
    ]


def images(x: np.ndarray) -> np.ndarray:
    """Pixels from 0 to 1, as the notebook has them."""
    return x.astype("float32") / 255


@grades("rare", points=1)
def test_balanced_accuracy_weighs_classes_alike(student):
    """Balanced accuracy is the mean of the recalls of the classes that appear in the labels."""
    rng = np.random.default_rng(12)
    names = np.array(["cat", "dog", "eel"])
    for labels, answers in (
        (rng.choice(4, size=90, p=[0.7, 0.2, 0.06, 0.04]), rng.integers(0, 6, size=90)),
        (names[rng.choice(3, size=50, p=[0.8, 0.1, 0.1])], names[rng.integers(0, 3, size=50)]),
        (np.array([1] * 30 + [0] * 2), np.array([1] * 30 + [1, 0])),
        (np.array([1] * 30 + [0] * 2), np.array([1] * 32)),  # a class that is never answered has a recall of 0
        (np.array([5] * 9), np.array([5] * 6 + [7] * 3)),
        (names[[0, 1, 1, 0]], np.array(["cat", "dogfish", "dog", "catfish"])),  # longer than any text in the labels
        (np.array([-3]), np.array([-3])),
        (np.array([2, 0, 1, 2, 2], dtype=np.uint8), np.array([2.0, 1.0, 1.0, 0.0, 2.0])),
    ):
        hint = "For each class of the labels the share of ITS rows that are right, then the mean of these shares."
        got = student.call_sparing("balanced_accuracy", labels, answers)
        check.close(got, float(np.mean(recalls(labels, answers))), "balanced_accuracy(...)", hint=hint)


@grades("rare", points=1.5)
def test_beats_never_an_eight(student, hidden, thresholds):
    """On unseen digits the model's accuracy is clearly above that of always answering the commonest class."""
    test = hidden("eights")
    accuracy = student.model("eight_finder").accuracy(images(test["x_test"]), test["y_test"])
    hint = "'Never an 8' is right in nine of ten cases. Does your model cry 8 too often, or was it trained too little?"
    check.meets(accuracy, thresholds["eights_accuracy"], "the accuracy of `eight_finder` on unseen digits", hint=hint)


def balanced_of(model: Any, test: dict[str, np.ndarray]) -> float:
    """Balanced accuracy of the eight finder on unseen digits."""
    outputs = model.predict(images(test["x_test"]))
    answers = outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0.5).astype(int)
    return float(np.mean([np.mean(answers[test["y_test"] == label] == label) for label in (0, 1)]))


def no_image_left(train: dict[str, np.ndarray], key: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """As many rows and eights as the training set has, and nothing to learn: each pixel is nearly its mean.

    What is left of a digit, a fifth of each pixel, is dealt out anew among the rows, pixel by pixel. So much stays lest
    whoever standardises divides by zero; with more, networks learn noise, and answer unseen digits by chance.
    """
    rng = np.random.default_rng(key)
    x = train["x_train"].astype(float)
    x = np.round(0.8 * x.mean(axis=0) + 0.2 * rng.permuted(x, axis=0))
    return images(x), rng.permutation(train["y_train"])


@grades("rare", points=1, timeout=90)
def test_finds_eights(student, given, hidden, thresholds, seed):
    """On unseen digits the model's balanced accuracy is far above one half: it finds the rare class too.

    Trained on labels that are shuffled here, the same function can find no eights. If it does, it has learnt from other
    labels: those of the notebook. Trained on grey images, it can find none either, unless other rows teach it: those
    of the validation set. The seed decides what becomes of the network, and fewer rows will do.
    """
    balanced = balanced_of(student.model("eight_finder"), hidden("eights"))
    hint = "How many of the eights are found? Let them count more in `fit`, or train a little longer."
    what = "the balanced accuracy of `eight_finder` on unseen digits"
    check.meets(balanced, thresholds["eights_balanced"], what, hint=hint)
    train = given("eights")
    x, y = images(train["x_train"]), np.random.default_rng([90, seed]).permutation(train["y_train"])
    models = [student.model_from("train_eight_finder", x, y, number) for number in (91 + seed, 1091 + seed)]
    what = "the balanced accuracy on unseen digits of a network that was trained on shuffled labels"
    hint = "Train on the labels that the function is given, and on no others."
    chance = balanced_of(models[0], hidden("eights"))
    if not thresholds["eights_of_chance"].met_by(chance):  # now and then shuffled labels tell something by luck
        again = np.random.default_rng([94, seed]).permutation(train["y_train"])
        chance = min(chance, balanced_of(student.model_from("train_eight_finder", x, again, 95), hidden("eights")))
    check.meets(chance, thresholds["eights_of_chance"], what, hint=hint)
    same = np.allclose(*(model.predict(x[:50]) for model in models), atol=1e-6)
    hint = "Call keras.utils.set_random_seed(seed), with the argument, before the network is built."
    check.that(not same, "Two different seeds gave the same network.", hint)
    few = [student.model_from("train_eight_finder", x[:200], y[:200], 96 + seed) for _ in range(2)]
    same = np.allclose(*(model.predict(x[:50]) for model in few), atol=0.01)
    check.that(same, "Trained twice on the same 200 rows with the same seed, the network is not the same.", hint)
    grey = student.model_from("train_eight_finder", *no_image_left(train, [92, seed]), 93 + seed)
    what = "the balanced accuracy on unseen digits of a network that was trained on grey images"
    hint = "Train on the rows that the function is given, and on no others: validation rows are for judging."
    check.meets(balanced_of(grey, hidden("eights")), thresholds["eights_of_no_image"], what, hint=hint)


@grades("rare", points=0.5)
def test_learns_no_wrong_labels_by_heart(student, given, hidden, thresholds):
    """The gap between training accuracy and accuracy on unseen digits is narrow; the outputs are probabilities."""
    train, test = given("eights"), hidden("eights")
    model = student.model("eight_finder")
    hint = "A model that has learnt nothing has no gap either. See first to the eights that it finds."
    check.good_enough(balanced_of(model, test), thresholds["eights_balanced"], hint)
    gap = model.gap(images(train["x_train"]), train["y_train"], images(test["x_test"]), test["y_test"])
    hint = "The training labels hold mistakes: with fewer units or fewer epochs the model has no room for them."
    what = "the gap of `eight_finder`, training accuracy minus accuracy on unseen digits,"
    check.meets(gap, thresholds["eights_gap"], what, hint=hint)
    outputs = model.predict(images(test["x_test"]))
    probable = outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=0.01)
    hint = 'The last layer is layers.Dense(2, activation="softmax").'
    check.that(probable, "The two outputs of `eight_finder` are no probabilities: their sum is not 1.", hint)
