"""Checks of exercises 4 and 5: a callback, played through recorded curves, and a network that stops at its turn."""

from __future__ import annotations

import numpy as np
from ps7_early_stopping.helpers import NAN, a_callback, bumps, drill, epoch_of, expected_stop, images

from goodfit import check, grades

ROWS = 60  # with right labels, on which a network is right after three epochs, and no surer than it must be:
SURE = 0.8  # then their loss has room to fall for twenty epochs more. Of the surest rows it rises by mere chance
HASTY = 0.75  # training accuracy: stopped after three epochs it is about 0.5, and 0.99 where training goes on
ANOTHER_SEED = 2026  # of a second training, where the first one falls short; calibration's seeds are below
NINE, UNSEEN = 9, 0.1  # the digit left out of the training rows, and the share of nines that may be called 9 then

# ---- 4 the callback


@grades("restore", points=1.5)
def test_callback_stops(student):
    """The training stops after `patience` epochs in a row without improvement of the validation loss.

    Any lower loss is an improvement, and NaN is none.
    """
    cases = [
        (1, [1.0, 0.5, 0.75, 0.25, 0.5]),
        (3, [1.0, 0.75, 0.875, 0.5, 0.625, 0.75, 0.875, 0.25]),
        (4, [0.5, 1.0, 0.75, 0.625, 0.5625, 0.25]),
        (2, [1.0, 0.5, 0.5, 0.5, 0.25]),  # equal is no improvement
        (5, bumps(40, 52)),
        (3, [1.0, 0.5, NAN, 0.75, 0.625, 0.25]),
        (2, [40.0, 20.0, 30.0, 10.0, 5.0]),  # large ones: nothing but the first loss is there to compare with
        (3, [0.5, 0.0, 0.25, 0.125, 0.0625, 0.03125]),  # a loss of 0 is one like others
        (1, [0.5, 0.4999, 0.4998, 0.4997]),  # small steps: there is no min_delta
    ]
    for patience, losses in cases:
        ((last, _),) = drill(student, patience, losses)
        hint = "Watch logs['val_loss']; an improvement on the best sets the count back. Is stop_training set in time?"
        if np.isnan(losses).any():
            hint = "Every comparison with NaN is False: it improves on nothing, and counts like any loss that does not."
        expected = expected_stop(np.nan_to_num(losses, nan=np.inf), patience)
        check.equal(last, expected[0], "the number of epochs run", hint=hint)


@grades("restore", points=1.5)
def test_best_weights_after_a_stop(student):
    """After a stop the model has the weights of its best epoch: all of them, of both layers."""
    cases = [
        (2, [1.0, 0.5, 0.25, 0.75, 0.875, 1.0, 1.5]),
        (3, [0.5, 0.75, 0.625, 1.0, 1.25, 1.5]),
        (4, [1.5, 1.25, 1.0, 0.875, 0.75, 0.8125, 0.875, 0.8125, 1.0, 1.25, 0.125]),
    ]
    for patience, losses in cases:
        ((last, weights),) = drill(student, patience, losses)
        check.that(last < len(losses), "The training was not stopped.", "The check of the stop says more.")
        hint = "Take a copy in the best epoch (the variables themselves go on changing) and put it back at the end."
        best = expected_stop(losses, patience)[1]
        check.equal(epoch_of(weights, best), best, "the epoch that the weights are from", hint=hint)
        hint = "Every array that get_weights() lists belongs to the network: kernels and biases, of all layers."
        check.that(weights == [best], "Only some of the weights are those of the best epoch.", hint)


@grades("restore", points=1.5)
def test_best_weights_without_a_stop(student):
    """The model has the weights of its best epoch as well when the training runs to its end."""
    for patience, losses in ((5, [1.0, 0.5, 0.25, 0.75, 0.875]), (30, bumps(26, 54)), (2, [1.0, 0.75, 0.5])):
        ((_, weights),) = drill(student, patience, losses)
        hint = "on_train_end is called in both cases; the place where you stop is not."
        best = int(np.argmin(losses)) + 1
        check.equal(epoch_of(weights, best), best, "the epoch that the weights are from", hint=hint)


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
        (2, [1.0, 0.25, 0.5, 0.75], [0.5, 0.75, 0.25, 0.5, 0.75]),  # the first epoch improves on nothing: count from 0
        (3, [1.0, 0.25, 0.5, 0.75], [0.5, 0.625, 0.75, 0.375, 0.5]),
    ]
    for patience, first, second in cases:
        ((last, weights),) = drill(student, patience, second)
        _, (last_again, weights_again) = drill(student, patience, first, second)
        hint = "What a training leaves behind (best loss, weights, count) is set back in on_train_begin."
        check.equal([last_again, *weights_again], [last, *weights], "the second training", hint=hint)


# ---- 5 the turn


@grades("turn", points=3, timeout=90)
def test_stands_at_the_turn(student, given, hidden, thresholds):
    """On unseen digits the stopped model has nearly the lowest cross-entropy, and its accuracy gap is small."""
    train, test = given("digits"), hidden("digits")
    rows, x_test, y_test = (images(train["x_train"]), train["y_train"]), images(test["x_test"]), test["y_test"]
    model = student.model("stopped_model")
    loss, gap = model.loss(x_test, y_test), model.gap(*rows, x_test, y_test)
    if not thresholds["stopped_gap"].met_by(gap):  # one unlucky start is no mistake
        arguments = (*rows, images(train["x_val"]), train["y_val"])
        second = student.model_from("train_and_stop", *arguments, seed=ANOTHER_SEED)
        gap = min(gap, second.gap(*rows, x_test, y_test))
    hint = "Which loss do you watch, and from which epoch are the weights: the best one, the last one, the first one?"
    check.meets(loss, thresholds["stopped_loss"], "the cross-entropy of `stopped_model` on unseen digits", hint=hint)
    what = "the gap of `stopped_model`, training accuracy minus accuracy on unseen digits,"
    check.meets(gap, thresholds["stopped_gap"], what, hint="It has learnt wrong labels: it was trained past its turn.")


@grades("turn", points=2, timeout=150)
def test_validation_rows_decide(student, given, hidden, thresholds):
    """The loss on the validation rows, `patience`, `epochs` and `seed` decide, and only the training rows are learnt.

    Validated on rows on which the network is right early on, the training goes on and learns the training rows by
    heart: the validation accuracy is at its best at once, but the loss goes on falling. Validated on rows with wrong
    labels it stops soon with little patience, and goes on with much. Trained on rows without nines it never answers 9.
    """
    train, test = given("digits"), hidden("digits")
    x, y, wrong = images(train["x_train"]), train["y_train"].astype(np.int64), train["wrong"]
    few = student.model_from("train_and_stop", x, y, x, y, epochs=3)
    chances = few.predict(x)
    check.array(chances, "the model's output", shape=(len(x), 10))
    sure = np.where(wrong, 0, chances[np.arange(len(x)), y])
    early = np.argsort(np.where(sure > SURE, sure, 1), kind="stable")[:ROWS]
    model = student.model_from("train_and_stop", x, y, x[early], y[early])
    hint = (
        "The *loss* on the rows that the function is given decides. Is a number of epochs, a name or an accuracy used?"
    )
    what = "the training accuracy, validated on rows whose loss goes on falling,"
    check.meets(model.accuracy(x, y), thresholds["goes_on"], what, hint=hint)
    shorter = student.model_from("train_and_stop", x, y, x, y, epochs=1)
    same = np.allclose(shorter.predict(x), chances, rtol=0, atol=1e-3)
    hint = "Hand `epochs` on to `fit`: with epochs=3 the training is over after the third."
    check.that(not same, "With epochs=1 and with epochs=3 your function trains equally long.", hint)
    updates = few.updates, shorter.updates  # 0 where no optimizer was saved with the network
    text = (
        f"A training of 3 epochs makes {updates[0]} updates, not three times the {updates[1]} of one of a single epoch."
    )
    check.that(0 in updates or updates[0] == 3 * updates[1], text, hint)

    hasty, patient = (
        student.model_from("train_and_stop", x, y, x[wrong], y[wrong], patience=patience).accuracy(x, y)
        for patience in (2, 25)
    )
    goes_on = thresholds["goes_on"]
    hint = "Validated on wrong labels, the loss rises first and falls later. Does your argument `patience` count?"
    check.that(hasty < HASTY, "With a patience of 2 the training goes on past a long rise.", hint)
    check.that(
        goes_on.calibrating or goes_on.met_by(patient),
        "With a patience of 25 the training ends at the first rise.",
        hint,
    )

    known = y != NINE
    nines = images(test["x_test"][test["y_test"] == NINE])
    model = student.model_from("train_and_stop", x[known], y[known], x, y, epochs=8)
    share = float(np.mean(model.predict(nines).argmax(axis=1) == NINE))
    hint = "Train on the `x` and `y` that your function is given, and on nothing else: validation rows only decide."
    text = f"Trained on rows without nines, the network answers 9 for {share:.0%} of unseen nines."
    check.that(share <= UNSEEN, text, hint)
    one, other = (
        student.model_from("train_and_stop", x[:200], y[:200], x[:200], y[:200], epochs=1, seed=seed).predict(nines)
        for seed in (3, 4)
    )
    hint = "build_network(seed), with the argument of your function."
    check.that(not np.allclose(one, other, rtol=0, atol=1e-6), "Two seeds give one and the same network.", hint)
