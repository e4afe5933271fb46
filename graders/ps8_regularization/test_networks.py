"""Checks of exercises 4 to 6: a curve's turn, and networks that are held back, judged on unseen images."""

from __future__ import annotations

import math

import numpy as np
from ps8_regularization.helpers import dropouts, held_back, images, regularizers, turn, units

from goodfit import check, grades

SMALL = 7_000  # parameters, as the exercise says
EARLY = 10  # epochs: about where the plain network is at its best
ANOTHER_SEED = 2026  # of a second training, where the first one falls short; calibration's seeds are below
UNITS = 128  # of each hidden layer of the plain network, and of those that the exercises compare with it
PENALTY = {"l1": 0.001, "l2": 0.002}  # of the notebook's `penalised_model`
NINE = 9  # the digit that is left out where it is asked which rows a network was trained on
FEW = 120  # rows of a training that only shows whether epochs and seed do what they say
UNSEEN = 0.1  # at most this share of nines may be called 9 by a network that has never seen one (right answers: none)
EPOCHS_HINT = "Hand `epochs` on to fit: that is how long the network is trained."


def trains_to_the_end(student, name: str, train, *args: float, **kwargs: float) -> None:
    """Fail unless every epoch is run, a seed repeats itself and the answers are probabilities.

    It is trained on few rows with labels that are all wrong, so that the loss on right ones only rises: who stops early
    has stopped long before the shorter of two trainings ends.
    """
    x, y = images(train["x_train"][:FEW]), (train["y_train"][:FEW].astype(np.int64) + 5) % 10
    models = [student.model_from(name, x, y, *args, epochs=epochs, seed=3, **kwargs) for epochs in (12, 12, 24)]
    short, again, long = (model.predict(x) for model in models)
    hint = "keras.utils.set_random_seed(seed) comes before the network is built: its first weights are drawn there."
    check.that(np.allclose(short, again, rtol=0, atol=0.01), "The same seed gives another network each time.", hint)
    hint = "Train for all `epochs` and keep the last weights: here nothing but the network itself is to hold it back."
    text = "Where the validation loss rises, a training of 24 epochs ends with the weights of one of 12."
    check.that(not np.allclose(short, long, rtol=0, atol=0.01), text, hint)
    updates = models[0].updates, models[2].updates  # 0 where no optimizer was saved with the network
    text = f"A training of 24 epochs makes {updates[1]} updates, not twice the {updates[0]} of one of 12 epochs."
    check.that(0 in updates or updates[1] == 2 * updates[0], text, EPOCHS_HINT)
    hint = "A softmax is the last thing that happens to the answers."
    check.that(np.allclose(short.sum(axis=1), 1, rtol=0, atol=1e-3), "The answers for a row do not add up to 1.", hint)


def uses_its_arguments(student, name: str, train, test, *args: float, **kwargs: float):
    """Fail unless rows, epochs and seed are those that the function is given; return the layers of a network.

    It is trained on rows without nines: a network that answers 9 has seen other rows, the notebook's own or those for
    validation. And nothing may be dropped whenever the model is called.
    """
    x, y = images(train["x_train"]), train["y_train"].astype(np.int64)
    x, y = x[y != NINE], y[y != NINE]
    nines = images(test["x_test"][test["y_test"] == NINE])
    model, short, other = (
        student.model_from(name, x, y, *args, epochs=epochs, seed=seed, **kwargs)
        for epochs, seed in ((EARLY, 3), (1, 3), (1, 4))
    )
    answers, first, second = (made.predict(nines) for made in (model, short, other))
    check.that(
        not np.allclose(answers, first, rtol=0, atol=1e-4),
        f"Called with epochs=1 and with epochs={EARLY}, your function trains equally long.",
        EPOCHS_HINT,
    )
    hint = "keras.utils.set_random_seed(seed), with the argument of your function, before the network is built."
    check.that(not np.allclose(first, second, rtol=0, atol=1e-6), "Two seeds give one and the same network.", hint)
    share = float(np.mean(answers.argmax(axis=1) == NINE))
    hint = (
        "Train on the `x` and `y` that your function is given, on all of them and on nothing else: no validation rows."
    )
    text = f"Trained on rows without nines, the network answers 9 for {share:.0%} of unseen nines."
    check.that(share <= UNSEEN, text, hint)
    hint = "At inference nothing is dropped: leave `training` alone where you call a layer."
    left_on = any(layer["always_on"] for layer in model.layers) or not model.steady(nines)
    check.that(not left_on, "Dropout is on at inference, too.", hint)
    others = " and ".join(model.compiled_restraints)
    text = f"The network is compiled with {others}, which holds it back as well."
    check.that(not others, text, "Compile it as the plain network: only what the exercise names is to hold it back.")
    return model.layers


# ---- 4 fewer units

CURVES = [  # losses, every, epoch of the turn, rise
    ([2.1, 1.4, 0.9, 0.8, 0.85, 1.3], 1, 4, 0.5),
    (np.array([1.9, 0.7, 0.6, 0.55, 0.5]), 3, 15, 0.0),
    ([0.4, 0.45, 0.9, 0.6], 5, 5, 0.2),
    (np.array([0.75, 0.5, 0.625, 0.5, 0.5, 0.875], dtype="float32"), 1, 2, 0.375),
    ([0.8, 0.3, 0.3, 0.7], 2, 4, 0.4),
    ([1.25], 4, 4, 0.0),
    ([1.0, 0.6, 0.7, 0.4, 0.9], 1, 4, 0.5),  # a bump before the turn
    ([3, 1, 2, 4], 2, 4, 3.0),  # whole numbers
    ([40.0, 20.0, 30.0], 1, 2, 10.0),  # large ones
    ([0.9, 0.501, 0.5, 0.8], 1, 3, 0.3),  # nearly equal is not equal
]


@grades("small", points=1)
def test_finds_the_turn(student):
    """The turn is the first epoch with the lowest loss, counted from 1, also when not every epoch was measured.

    An array of losses stays as it was.
    """
    for losses, every, expected, _ in CURVES:
        epoch, _ = turn(student, losses) if every == 1 else turn(student, losses, every=every)
        hint = f"With every={every} the first loss belongs to epoch {every}. The first of equals counts."
        check.equal(epoch, expected, "the epoch of the turn", hint=hint)
    hint = "The lowest loss can be found without sorting: min, or np.argmin."
    student.call_sparing("turning_point", np.array([0.9, 0.5, 0.7]), hint=hint)


@grades("small", points=1)
def test_measures_the_rise(student):
    """The rise is the last loss minus the lowest one, 0 while the curve still falls."""
    for losses, every, _, expected in CURVES:
        _, rise = turn(student, losses, every=every)
        hint = "How far is the end of the curve above its lowest point?"
        check.close(rise, expected, "the rise", hint=hint, atol=1e-6)


@grades("small", points=1)
def test_small_network_learns(student, hidden, thresholds):
    """The small network recognises digits that it has never seen."""
    test = hidden("digits")
    accuracy = student.model("small_model").accuracy(images(test["x_test"]), test["y_test"])
    hint = "Too few units, or too few epochs? See how its training accuracy compares with 0.80."
    check.meets(accuracy, thresholds["small_accuracy"], "the accuracy of `small_model` on unseen digits", hint=hint)


@grades("small", points=1, timeout=120)
def test_small_network_overfits_later(student, given, hidden, thresholds):
    """The network is small, its gap is narrow, and its loss on unseen digits does not climb as the plain one's does.

    Measured is the rise of its cross-entropy from epoch 10, where the plain network is about at its best, to the end.
    """
    train, test = given("digits"), hidden("digits")
    model, x_test = student.model("small_model"), images(test["x_test"])
    rows = images(train["x_train"]), train["y_train"].astype(np.int64)
    early = student.model_from("train_small_network", *rows, epochs=EARLY)
    rise = model.loss(x_test, test["y_test"]) - early.loss(x_test, test["y_test"])
    if not thresholds["small_rise"].met_by(rise):  # one unlucky start is no mistake
        late = student.model_from("train_small_network", *rows, seed=ANOTHER_SEED)
        early = student.model_from("train_small_network", *rows, epochs=EARLY, seed=ANOTHER_SEED)
        rise = min(rise, late.loss(x_test, test["y_test"]) - early.loss(x_test, test["y_test"]))
    what = f"the rise of the cross-entropy on unseen digits from epoch {EARLY} to the end"
    hint = "Fewer units? Is it trained as the other networks are, and does `epochs` decide how long?"
    check.meets(rise, thresholds["small_rise"], what, hint=hint)
    gap = model.gap(*rows, x_test, test["y_test"])
    what = "the gap of `small_model`, training accuracy minus accuracy on unseen digits,"
    check.meets(gap, thresholds["small_gap"], what, hint="It has room for wrong labels: fewer units.")
    hint = "Here only the number of units holds the network back; penalties and dropout come in exercises 5 and 6."
    check.that(not held_back(model.layers), "`small_model` has a penalty, dropout or noise.", hint)
    check.that(
        0 < model.parameters <= SMALL,
        f"`small_model` has {model.parameters:,} parameters, more than the exercise allows.",
        "Count them: inputs times units, plus units, for each layer.",
    )
    uses_its_arguments(student, "train_small_network", train, test)
    trains_to_the_end(student, "train_small_network", train)


# ---- 5 and 6 networks that are held back


def generalises(student, name: str, given, hidden, thresholds, **strengths: float) -> None:
    """Fail unless the model reaches its accuracy on unseen digits and keeps the gap to the training accuracy narrow.

    Where it falls short, the function trains once more with these strengths, and the better model counts.
    """
    train, test = given("digits"), hidden("digits")
    rows, x_test, y_test = (images(train["x_train"]), train["y_train"]), images(test["x_test"]), test["y_test"]
    model = student.model(f"{name}_model")
    accuracy = model.accuracy(x_test, y_test)
    if not thresholds[f"{name}_accuracy"].met_by(accuracy):  # one unlucky start is no mistake
        second = student.model_from(f"train_{name}_network", *rows, **strengths, seed=ANOTHER_SEED)
        if (better := second.accuracy(x_test, y_test)) > accuracy:
            model, accuracy = second, better
    gap = model.gap(*rows, x_test, y_test)
    hint = "It underfits or was taught something else: are labels, epochs and the strength of the regularization right?"
    check.meets(accuracy, thresholds[f"{name}_accuracy"], f"the accuracy of `{name}_model` on unseen digits", hint=hint)
    hint = "It has learnt wrong labels by heart: is every hidden layer held back, and strongly enough?"
    what = f"the gap of `{name}_model`, training accuracy minus accuracy on unseen digits,"
    check.meets(gap, thresholds[f"{name}_gap"], what, hint=hint)


def as_prescribed(student, name: str, given, hidden, *args: float, **kwargs: float):
    """Train a network anew, by its arguments; return its layers. Fail unless its hidden layers have the right units."""
    layers = uses_its_arguments(student, name, given("digits"), hidden("digits"), *args, **kwargs)
    found = units(layers)[:-1]
    hint = "As many as in the plain network: two layers of 128, and then the ten answers."
    check.that(found == [UNITS, UNITS], f"The hidden layers have {found} units, and should have others.", hint)
    return layers


@grades("penalised", points=2, timeout=60)
def test_penalised_network_generalises(student, given, hidden, thresholds):
    """The penalised network recognises unseen digits, and its training accuracy is hardly higher: nothing memorised."""
    generalises(student, "penalised", given, hidden, thresholds, **PENALTY)


@grades("penalised", points=1, timeout=120)
def test_penalises_kernels_only(student, given, hidden):
    """The penalties have the factors that the function is given, and they sit on kernels, not on biases or outputs.

    The network is built anew with other factors than the notebook's; it has the units and epochs that it should have.
    Every epoch is run, and a seed repeats itself.
    """
    l1, l2 = 0.0005, 0.004
    layers = as_prescribed(student, "train_penalised_network", given, hidden, l1, l2)
    free = 0.0, 0.0  # a penalty would fall while the loss rises
    trains_to_the_end(student, "train_penalised_network", given("digits"), *free)
    kernels = regularizers(layers, "kernel_regularizer")
    check.that(bool(kernels), "No kernel of the network has a penalty.", "See `kernel_regularizer`.")
    check.that(not dropouts(layers)[1], "The network has dropout, too.", "Here only the penalty holds it back.")
    right = all(math.isclose(a, l1, rel_tol=1e-4) and math.isclose(b, l2, rel_tol=1e-4) for a, b in kernels)
    hint = "regularizers.L1L2 takes both factors, by name. Are they the ones that your function is given?"
    check.that(right, "A kernel's penalty has other factors than those that your function is given.", hint)
    for key, what in (("bias_regularizer", "a penalty on biases"), ("activity_regularizer", "a penalty on outputs")):
        check.that(not regularizers(layers, key), f"The network has {what}.", "Only kernels pay.")


@grades("penalised", points=1)
def test_reports_plain_cross_entropy(student, given):
    """The losses in `reported` are plain cross-entropies of the rows they belong to, without the penalty."""
    digits, model = given("digits"), student.model("penalised_model")
    reported = check.mapping(student.value("reported"), "`reported`", keys=("penalised", "training rows"))
    for key, x, y in (("penalised", "x_val", "y_val"), ("training rows", "x_train", "y_train")):
        expected = model.loss(images(digits[x]), digits[y])
        hint = (
            "The mean of -ln(probability of the right class), over the rows that are given. Keras' loss has a penalty."
        )
        check.close(reported[key], expected, f"the cross-entropy `reported[{key!r}]`", rtol=2e-3, atol=1e-4, hint=hint)
    sure = check.mapping(reported, "`reported`", keys=("sure",))["sure"]
    expected = student.model("sure_model").loss(images(digits["x_val"]), digits["y_val"])
    hint = "`sure_model` was never compiled, and gives some right classes a probability of exactly 0: clip at 1e-7."
    check.close(sure, expected, "the cross-entropy `reported['sure']`", rtol=1e-2, hint=hint)


@grades("drop-model", points=2, timeout=60)
def test_dropout_network_generalises(student, given, hidden, thresholds):
    """The dropout network recognises unseen digits, and its training accuracy is hardly higher."""
    generalises(student, "dropout", given, hidden, thresholds)


@grades("drop-model", points=1, timeout=120)
def test_dropout_after_each_hidden_layer(student, given, hidden):
    """Each hidden layer is followed by dropout at the rate that the function is given; the answers are not dropped.

    The network is built anew with another rate, where a drop rate and a keep rate differ; it has the units and epochs
    that it should have. Every epoch is run, and a seed repeats itself.
    """
    rate = 0.3
    layers = as_prescribed(student, "train_dropout_network", given, hidden, rate=rate)
    trains_to_the_end(student, "train_dropout_network", given("digits"), rate=rate)
    places, rates = dropouts(layers)
    penalties = [name for name in held_back(layers) if name.endswith("regularizer")]
    check.that(not penalties, "The network has a penalty, too.", "Here only dropout holds it back.")
    check.that(bool(rates), "The network has no Dropout layer.", "Put one after each hidden layer.")
    hint = "layers.Dropout takes the share to drop: the `rate` of your function, as it is."
    right = all(math.isclose(r, rate, abs_tol=1e-6) for r in rates)
    check.that(right, f"Called with rate={rate}, the network drops at another rate.", hint)
    hint = "Two hidden layers, and each has one Dropout layer behind it. Pixels are not dropped."
    check.that(len(rates) <= 2, f"The network has {len(rates)} Dropout layers.", hint)
    check.that(len(places) > 1, "The network has no hidden layer.", "Two hidden layers, as in the plain network.")
    check.that(all(places[:-1]), "Between two dense layers there is no dropout.", "Every hidden layer needs its own.")
    check.that(not places[-1], "Dropout follows the last layer, whose outputs are the answers.", "Leave those alone.")
