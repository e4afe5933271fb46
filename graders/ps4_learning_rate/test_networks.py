"""Checks of exercises 4 and 6: a sweep over learning rates, and a network within a budget."""

from __future__ import annotations

from typing import Any

import numpy as np
from ps4_learning_rate.helpers import entries, first_loss, images, results, share

from goodfit import check, grades

RATES = [1.0, 1e-6, 1e-2]  # as the notebook calls it
BATCH_SIZE = 128  # as the notebook has it
FEW = 120  # rows of nines, fewer than there are validation rows
ANOTHER_SEED = 2026  # of a second training, where the first one falls short; calibration's seeds are below
PARAMETERS = 196 * 64 + 64 + 64 * 10 + 10  # of the network that is given


def rows(given: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training and validation rows as the notebook has them."""
    data = given("digits")
    return (
        images(data["x_train"]),
        data["y_train"].astype(np.int64),
        images(data["x_val"]),
        data["y_val"].astype(np.int64),
    )


# ---- 4 a sweep


def margin_of_good_rate(curves: list[tuple[list[Any], Any]], where: str) -> float:
    """The accuracy of the rate 0.01 minus the better one of the two other rates."""
    too_large, too_small, good = (
        share(accuracy, f"the accuracy of the rate {rate:g} in {where}")
        for rate, (_, accuracy) in zip(RATES, curves, strict=True)
    )
    return good - max(too_large, too_small)


@grades("sweep", points=2)
def test_good_rate_wins_by_far(student, given, thresholds):
    """In one sweep with RMSprop the rate 0.01 beats both 1.0 and 0.000001 on validation rows, by a wide margin."""
    margin = margin_of_good_rate(entries(student.value("curves"), RATES, "`curves`"), "`curves`")
    if not thresholds["sweep_margin"].met_by(margin):  # one unlucky start is no mistake
        again = results(student, *rows(given), rates=RATES, seed=ANOTHER_SEED)
        margin = max(margin, margin_of_good_rate(again, "a second sweep"))
    what = "the accuracy of the rate 0.01 minus the better one of the two others"
    hint = "keras.optimizers.RMSprop(learning_rate=rate), compiled anew for each rate; 0.01 learns, the others do not."
    check.meets(margin, thresholds["sweep_margin"], what, hint=hint)
    # RMSprop divides by the root of a mean of squared slopes that begins at zero (rho = 0.9): with slopes that hardly
    # change, its second step is sqrt(0.1 / 0.19) = 0.725 of the first. Other optimizers take equal or growing steps.
    x, y, *validation = rows(given)
    ((losses, _),) = results(student, x[:64], y[:64], *validation, rates=[1e-5], epochs=3, seed=16)
    check.that(len(losses) >= 3, f"With epochs=3 there are only {len(losses)} losses.", "fit(..., epochs=epochs)")
    first, second, third = (float(check.number(loss, "a loss of three epochs of one batch")) for loss in losses[:3])
    once, twice = first - second, second - third
    like = once > 0 and abs(twice / once - (0.1 / 0.19) ** 0.5) < 0.1
    check.that(like, "With one batch an epoch, the loss does not fall from step to step as with RMSprop.", hint)


@grades("sweep", points=1)
def test_every_rate_gets_a_fresh_network(student, given, thresholds, seed):
    """A rate's first loss does not depend on whether another rate was tried before it. No argument changes."""
    data, seed = rows(given), seed + 11
    ((alone, _),) = results(student, *data, rates=[0.005], epochs=1, seed=seed)
    (before, _), (after, _) = results(student, *data, rates=[0.02, 0.005], keeping=True, epochs=1, seed=seed)
    first = first_loss(alone, "the first loss of a rate that is tried alone")
    second = float(check.number(after[0], "the first loss of a rate that is tried after another one"))
    hint = "Build the network inside the loop: else the second rate goes on where the first one stopped."
    check.that(before[0] != after[0], "Two rates have the very same loss.", "Compile with the rate, for each rate.")
    what = "a rate's first loss after another rate, as a share of its first loss alone,"
    check.meets(second / max(first, 1e-9), thresholds["sweep_fresh"], what, hint=hint)


@grades("sweep", points=1)
def test_every_rate_starts_from_the_same_weights(student, given):
    """With rates so small that nothing moves, all first losses are the same; another seed gives other ones."""
    x, y, *validation = rows(given)
    starts = []
    for seed, rates in ((12, [1e-9, 2e-9, 3e-9]), (13, [1e-9])):
        curves = results(student, x, y, *validation, rates=rates, epochs=1, seed=seed)
        losses = [first_loss(curve, "the first loss of a tiny rate") for curve, _ in curves]
        hint = "keras.utils.set_random_seed(seed) right before each network is built, with the same seed."
        same = max(losses) - min(losses) <= 1e-3 * abs(losses[0])
        check.that(same, "At rates where nothing moves the losses differ, so the initial weights do.", hint)
        starts.append(losses[0])
    hint = "new_network(seed), with the argument `seed`."
    check.that(abs(starts[0] - starts[1]) > 1e-3, "Two seeds give the very same initial weights.", hint)


@grades("sweep", points=1)
def test_one_loss_for_each_epoch(student, given):
    """There is one loss for each epoch that the function is given, over batches of BATCH_SIZE rows."""
    for epochs in (2, 3):
        ((losses, _),) = results(student, *rows(given), rates=[0.01], epochs=epochs, seed=13)
        hint = "fit(..., epochs=epochs) returns a history with one loss for each epoch."
        check.that(len(losses) == epochs, f"With epochs={epochs} there are {len(losses)} losses.", hint)
    # An epoch's loss is the mean over its batches, so an epoch of one batch has the loss of the untrained network, and
    # one of two batches has not: the second is seen after an update.
    x, y, *validation = rows(given)
    hint = "fit(..., batch_size=BATCH_SIZE), and the losses as `fit` records them."
    for n in (BATCH_SIZE, 2 * BATCH_SIZE):
        idle, busy = (
            first_loss(losses, f"the loss of an epoch of {n} rows")
            for rate in (1e-9, 0.005)
            for losses, _ in results(student, x[:n], y[:n], *validation, rates=[rate], epochs=1, seed=15)
        )
        still = abs(busy - idle) <= 1e-3 * abs(idle)
        if n == BATCH_SIZE:
            check.that(still, f"With {n} rows, which are one batch, the first loss depends on the rate.", hint)
        else:
            text = (
                f"With {n} rows, which are two batches, a rate of 0.005 moves the first loss no more than one of 1e-9."
            )
            check.that(not still, text, hint)


@grades("sweep", points=1)
def test_accuracy_is_that_of_validation_rows(student, given, thresholds, seed):
    """The accuracy is that of validation rows, which are not learnt: with wrong labels it is close to nothing.

    There are fewer training rows than validation rows. Whoever trains on both learns mostly wrong labels. Validation
    rows come in another order than the notebook's, so that both images and labels must be those that are given.
    """
    x, y, x_val, y_val = rows(given)
    turned, options = x_val[::-1], {"rates": [0.01], "epochs": 8, "seed": seed + 14}
    scores = []
    for held_out, labels in ((turned, (y_val[::-1] + 1) % 10), (turned, y_val[::-1]), (x_val, y_val)):
        ((_, accuracy),) = results(student, x[:256], y[:256], held_out, labels, **options)
        scores.append(share(accuracy, "the accuracy"))
    hint = "Train on x and y alone; ask the trained network for x_val, and compare with y_val, the arguments."
    what = "the accuracy where every validation label is wrong"
    check.meets(scores[0], thresholds["sweep_wrong_labels"], what, hint=hint)
    told = "With right validation labels the accuracy is no higher than with wrong ones."
    check.that(scores[1] > scores[0], told, hint)
    told = "The accuracy on the same validation rows in another order is another one."
    check.that(abs(scores[1] - scores[2]) < 0.05, told, hint)


# ---- 6 within a budget


def better_budget_model(student: Any, given: Any, hidden: Any, threshold: check.Threshold) -> tuple[Any, float]:
    """`budget_model` and its accuracy on unseen digits; where it falls short, the better of it and one more training.

    A rate and a batch size that the text permits miss the threshold in one of fifty starts, hardly ever in two.
    """
    train, test = given("digits"), hidden("digits")
    x_test, y_test = images(test["x_test"]), test["y_test"]
    model = student.model("budget_model")
    accuracy = model.accuracy(x_test, y_test)
    if not threshold.met_by(accuracy):
        second = student.model_from("train_in_budget", images(train["x_train"]), train["y_hasty"], seed=ANOTHER_SEED)
        if (better := second.accuracy(x_test, y_test)) > accuracy:
            model, accuracy = second, better
    return model, accuracy


@grades("budget", points=2)
def test_budget_network_reaches_the_target(student, given, hidden, thresholds):
    """The network recognises digits that it has never seen."""
    _, accuracy = better_budget_model(student, given, hidden, thresholds["budget_accuracy"])
    hint = (
        "How many updates does your batch size leave in three epochs, and how far does each one go? More than three "
        "epochs learn mistakes, which cost accuracy, too."
    )
    check.meets(accuracy, thresholds["budget_accuracy"], "the accuracy of `budget_model` on unseen digits", hint=hint)


@grades("budget", points=2)
def test_budget_network_has_not_learnt_mistakes(student, given, hidden, thresholds):
    """The network has learnt something, and its gap is that of a short training.

    The gap is the training accuracy on the hasty labels minus the accuracy on unseen digits.
    """
    train, test = given("digits"), hidden("digits")
    model, accuracy = better_budget_model(student, given, hidden, thresholds["budget_accuracy"])
    gap = model.gap(images(train["x_train"]), train["y_hasty"], images(test["x_test"]), test["y_test"])
    hint = "It agrees with the hasty labels too often: it has learnt wrong ones by heart. Was it only three epochs?"
    check.meets(gap, thresholds["budget_gap"], "the gap of `budget_model`", hint=hint)
    hint = "First let it learn: how many updates do three epochs leave, and how far does each one go?"
    check.good_enough(accuracy, thresholds["budget_accuracy"], hint)


@grades("budget", points=1)
def test_budget_network_is_the_given_one(student):
    """The network has the layers and as many parameters as the given one: only rate and batch size are chosen."""
    model = student.model("budget_model")
    parameters = model.parameters
    hint = "Use new_network(seed) as it is."
    check.that(parameters == PARAMETERS, f"`budget_model` has {parameters:,} parameters: it is another network.", hint)
    kinds = [
        (layer["class_name"], layer["config"].get("activation"))
        for layer in model.layers
        if layer["class_name"] != "InputLayer"
    ]
    given = kinds == [("Dense", "relu"), ("Dense", "softmax")]
    check.that(given, "`budget_model` has other layers or activations than the network that is given.", hint)


@grades("budget", points=1)
def test_budget_training_uses_its_arguments(student, given, hidden, thresholds, seed):
    """Called with few images, all labelled 9, the network learns to say 9, and another seed gives another network.

    A good choice of rate and batch size learns that within a few updates, in each of 400 runs. Keras' defaults get
    there in half of theirs, and lose this point with the others. An untrained network with these initial weights hardly
    ever says 9, and one that was trained on the notebook's validation rows as well, which outnumber these, less often.
    """
    x_test, x = images(hidden("digits")["x_test"]), images(given("digits")["x_train"][:FEW])
    y = np.full(FEW, 9, dtype=np.int64)
    model, other = (student.model_from("train_in_budget", x, y, seed=seed + start) for start in (7, 8))
    nines = model.accuracy(x_test, np.full(len(x_test), 9))
    hint = "Train on the arguments x and y alone, not on arrays of the notebook, and far enough to change the network."
    what = "the share of nines in the answers of a model that was trained on nothing but nines"
    check.meets(nines, thresholds["budget_nines"], what, hint=hint)
    differ = not np.array_equal(model.predict(x_test[:50]), other.predict(x_test[:50]))
    check.that(differ, "Two seeds give the very same network.", "new_network(seed), with the argument `seed`.")
