"""Checks of exercises 4 and 5: a callback, played through recorded curves, and a network that stops at its turn."""

from __future__ import annotations

import numpy as np
from ps7_early_stopping.helpers import a_callback, bumps, drill, expected_stop, images

from goodfit import check, grades

# ---- 4 the callback


@grades("restore", points=1.5)
def test_callback_stops(student):
    """The training stops after `patience` epochs in a row without improvement of the validation loss."""
    cases = [
        (1, [1.0, 0.5, 0.75, 0.25, 0.5]),
        (3, [1.0, 0.75, 0.875, 0.5, 0.625, 0.75, 0.875, 0.25]),
        (4, [0.5, 1.0, 0.75, 0.625, 0.5625, 0.25]),
        (2, [1.0, 0.5, 0.5, 0.5, 0.25]),  # equal is no improvement
        (5, bumps(40, 52)),
    ]
    for patience, losses in cases:
        ((last, _),) = drill(student, patience, losses)
        hint = "Watch logs['val_loss']; an improvement on the best sets the count back. Is stop_training set in time?"
        check.equal(last, expected_stop(losses, patience)[0], "the number of epochs run", hint=hint)


@grades("restore", points=1.5)
def test_best_weights_after_a_stop(student):
    """After a stop the model has the weights of its best epoch."""
    cases = [
        (2, [1.0, 0.5, 0.25, 0.75, 0.875, 1.0, 1.5]),
        (3, [0.5, 0.75, 0.625, 1.0, 1.25, 1.5]),
        (4, [1.5, 1.25, 1.0, 0.875, 0.75, 0.8125, 0.875, 0.8125, 1.0, 1.25, 0.125]),
    ]
    for patience, losses in cases:
        ((last, weights),) = drill(student, patience, losses)
        check.that(last < len(losses), "The training was not stopped.", "The check of the stop says more.")
        hint = "Take a copy in the best epoch (the variables themselves go on changing) and put it back at the end."
        check.equal(weights, expected_stop(losses, patience)[1], "the epoch that the weights are from", hint=hint)


@grades("restore", points=1.5)
def test_best_weights_without_a_stop(student):
    """The model has the weights of its best epoch as well when the training runs to its end."""
    for patience, losses in ((5, [1.0, 0.5, 0.25, 0.75, 0.875]), (30, bumps(26, 54)), (2, [1.0, 0.75, 0.5])):
        ((_, weights),) = drill(student, patience, losses)
        hint = "on_train_end is called in both cases; the place where you stop is not."
        check.equal(weights, int(np.argmin(losses)) + 1, "the epoch that the weights are from", hint=hint)


@grades("restore", points=1.5)
def test_second_training_starts_afresh(student):
    """A callback that is used again behaves like a new one.

    Your class is compared with itself: a new callback for each training against one for both.
    """
    a_callback(student)
    cases = [
        (2, [1.0, 0.25, 0.5, 0.75], [2.0, 1.5, 1.0, 1.25, 1.5, 1.75]),
        (3, [0.5, 0.75, 0.875, 1.0], [1.0, 0.75, 0.5625, 0.875, 0.9375]),
        (4, [1.0, 0.5, 0.75, 0.875], [0.625, 0.375, 0.5, 0.75, 0.875, 1.0, 1.25]),
    ]
    for patience, first, second in cases:
        (alone,) = drill(student, patience, second)
        _, again = drill(student, patience, first, second)
        hint = "What a training leaves behind (best loss, weights, count) is set back in on_train_begin."
        check.equal(again, alone, "the second training", hint=hint)


# ---- 5 the turn


@grades("turn", points=3)
def test_stands_at_the_turn(student, given, hidden, thresholds):
    """On unseen digits the stopped model has nearly the lowest cross-entropy, and its accuracy gap is small."""
    train, test = given("digits"), hidden("digits")
    model, x_test, y_test = student.model("stopped_model"), images(test["x_test"]), test["y_test"]
    loss = model.loss(x_test, y_test)
    gap = model.gap(images(train["x_train"]), train["y_train"], x_test, y_test)
    hint = "Which loss do you watch, and from which epoch are the weights: the best one, the last one, the first one?"
    check.meets(loss, thresholds["stopped_loss"], "the cross-entropy of `stopped_model` on unseen digits", hint=hint)
    what = "the gap of `stopped_model`, training accuracy minus accuracy on unseen digits,"
    check.meets(gap, thresholds["stopped_gap"], what, hint="It has learnt wrong labels: it was trained past its turn.")


@grades("turn", points=2, timeout=90)
def test_validation_rows_decide(student, given, thresholds):
    """Validated on its own training rows, where nothing ever turns, the training goes on and learns them by heart.

    It goes on for `epochs` epochs: with a single one it ends elsewhere.
    """
    train = given("digits")
    x, y = images(train["x_train"]), train["y_train"].astype(np.int64)
    model = student.model_from("train_and_stop", x, y, x, y)
    short = student.model_from("train_and_stop", x, y, x, y, epochs=1)
    same = np.allclose(model.predict(x[:200]), short.predict(x[:200]), rtol=0, atol=1e-3)
    hint = "Hand `epochs` on to `fit`: with epochs=1 the training is over after the first."
    check.that(not same, "With epochs=1 your function trains as long as without it.", hint)
    hint = "The turn belongs to the rows that the function is given. Is the number of epochs, or a name, fixed in it?"
    what = "the training accuracy, with the training rows as validation rows,"
    check.meets(model.accuracy(x, y), thresholds["goes_on"], what, hint=hint)
