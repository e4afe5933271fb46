"""Checks of exercises 1, 2, 3 and 5: a step, a valley, recorded curves, and batches."""

from __future__ import annotations

import numpy as np
from ps4_learning_rate.helpers import (
    bouncing,
    crawling,
    falling,
    move,
    mse_slopes,
    noise,
    path,
    regression,
    scattered,
    valley,
    verdicts,
)

from goodfit import check, grades

# ---- 1 one step


@grades("step", points=1)
def test_steps_downhill(student):
    """Weights and bias move straight downhill: against the gradient of the mean squared error."""
    for n, d, seed in ((9, 3, 11), (40, 1, 12), (6, 8, 13), (11, 4, 10), (14, 2, 9)):
        x, y, w, b = regression(n, d, seed)
        if n in (11, 14):  # whole numbers
            x, y = (3 * x).astype(int), (3 * y).astype(int)
        if n == 11:  # with 14 rows the weights keep their fractions, and so must the errors
            w, b = np.array([2, -1, 3, 1]), 2
        moved, slopes = move(student, x, y, w, b, 1e-4), mse_slopes(x, y, w, b)
        length = float(np.linalg.norm(moved))
        check.that(length > 0, "Neither weights nor bias have moved.", "new = old - rate * gradient.")
        downhill = float(-moved @ slopes / (length * np.linalg.norm(slopes)))
        hint = (
            "error = prediction - y. A weight's slope takes each row's error times its x, the bias's the error alone."
        )
        check.that(downhill > 1 - 1e-6, "The step does not go straight downhill.", hint)


@grades("step", points=1)
def test_step_has_the_right_length(student):
    """The weights move by the rate times the gradient, with the 2 that the square brings: judged on one row."""
    for d, rate, seed in ((3, 0.1, 14), (1, 0.02, 15), (7, 0.005, 16)):
        x, y, w, b = regression(1, d, seed)
        moved, slopes = move(student, x, y, w, b, rate)[:-1], mse_slopes(x, y, w, b)[:-1]
        hint = "The derivative of error² is 2 · error · (slope of the prediction). Then once times the rate."
        expected = rate * float(np.linalg.norm(slopes))
        check.close(float(np.linalg.norm(moved)), expected, "the length of the step", rtol=1e-4, hint=hint)


@grades("step", points=1)
def test_step_is_a_mean_over_rows(student):
    """A batch that holds every row three times gives the same step as the batch itself."""
    for n, d, seed in ((8, 2, 17), (25, 4, 18)):
        x, y, w, b = regression(n, d, seed)
        once = move(student, x, y, w, b, 0.01)
        thrice = move(student, np.tile(x, (3, 1)), np.tile(y, 3), w, b, 0.01)
        hint = (
            "The loss is a mean over the rows, so the gradient is one as well: otherwise larger batches step further."
        )
        check.close(thrice, once, "the step of the tripled batch", rtol=1e-4, atol=1e-7, hint=hint)
        other = move(student, x, y[::-1] + 5, w, b, 0.01)
        check.that(
            not np.allclose(other, once), "The step does not depend on the rows.", "new = old - rate * gradient."
        )


@grades("step", points=1)
def test_step_takes_both_slopes_at_the_old_place(student):
    """Weights and bias move at once: a hundred times the rate, a hundred times the step. No argument changes."""
    for n, d, seed in ((12, 3, 19), (5, 6, 20)):
        x, y, w, b = regression(n, d, seed)
        small, large = (move(student, x, y, w, b, rate, keeping=True) for rate in (0.004, 0.4))
        hint = "Work out both gradients from the old w and the old b, before you change either."
        check.close(large, 100 * small, "the step at the larger rate", rtol=1e-3, atol=1e-6, hint=hint)
        other = move(student, x, y[::-1] + 5, w, b, 0.4)
        check.that(
            not np.allclose(other, large), "The step does not depend on the rows.", "new = old - rate * gradient."
        )


# ---- 2 a quadratic valley


@grades("valley", points=1)
def test_limit_is_set_by_the_steepest_direction(student):
    """The limit is two divided by the largest curvature in any direction, also one between the axes."""
    hint = "The largest eigenvalue of the Hessian, not its largest entry; np.linalg.eigvalsh. And 2, not 1."
    for curvatures, seed in (
        ([9.0, 1.0], 21),
        ([0.5, 4.0, 2.5], 22),
        ([30.0, 0.2, 7.0, 3.0, 11.0], 23),
        ([0.08], 24),
        ([1e-4, 2e-5], 26),  # gentle, and not flat
    ):
        got = student.call_sparing("largest_rate", valley(curvatures, seed))
        check.close(got, 2 / max(curvatures), "largest_rate(...)", rtol=1e-5, hint=hint)
    against = np.array([[2.0, -1.0], [-1.0, 2.0]])  # steepest along (1, -1), where the curvature is 3
    check.close(student.call("largest_rate", against), 2 / 3, "largest_rate(...)", rtol=1e-5, hint=hint)


@grades("valley", points=1)
def test_flat_land_has_no_limit(student):
    """Where nothing is curved at all the limit is infinite; where only some directions are flat it is not."""
    hint = "A Hessian of zeros: no rate is too large. Return infinity, float('inf')."
    for d in (1, 4):
        got = check.array(
            student.call("largest_rate", np.zeros((d, d))), "largest_rate(zeros)", finite=False, hint=hint
        )
        infinite = got.dtype.kind == "f" and got.size == 1 and bool(np.isposinf(got).all())
        check.that(infinite, "In flat land largest_rate(...) is not infinity.", hint)
    for curvatures in ([0.0, 5.0], [0.25], [1, 0, 0, 3]):
        got = check.array(
            student.call("largest_rate", np.diag(curvatures)), "largest_rate(...)", finite=False, dtype="number"
        )
        check.that(bool(np.isfinite(got).all()), "One flat direction makes largest_rate(...) infinite.", hint)


@grades("valley", points=1)
def test_path_has_all_its_points(student):
    """The path begins with the start, which stays as it is, and has one more point for each step."""
    for d, steps, seed in ((2, 7, 25), (5, 1, 26), (3, 0, 27)):
        hessian, start = valley(np.arange(1, d + 1), seed), np.random.default_rng(seed).normal(size=d)
        points = path(student, hessian, start, 0.1, steps, keeping=True)
        hint = "steps + 1 points: the first is the start itself, the last is where `steps` steps lead."
        check.that(len(points) == steps + 1, f"With steps={steps} the path has {len(points)} points.", hint)
        check.close(points[0], start, "the first point", hint=hint)
        moves = steps == 0 or not np.allclose(points[-1], start)
        check.that(moves, "The path never leaves its start.", "The gradient is the Hessian times the place.")
    arrived = path(student, 2 * np.eye(2), np.array([1.0, -3.0]), 0.5, 4)  # at the minimum after one step
    rationale = f"A path of 4 steps that arrives after the first has {len(arrived)} points."
    check.that(len(arrived) == 5, rationale, "A step at the minimum is a step, too: it stays where it is.")


@grades("valley", points=1)
def test_path_follows_the_gradient(student):
    """Each point is the one before it minus the rate times the gradient there, too large rates included."""
    for curvatures, rate, steps, seed in (
        ([5.0, 1.0], 0.15, 9, 28),
        ([2.0, 3.0, 7.0], 0.4, 6, 29),
        ([0.5], 1.2, 5, 30),
        ([4.0, 1.5], 0.11, 4, 31),  # from a place of whole numbers
        ([3.0, 1.0], 1.5, 14, 32),  # ends millions away
    ):
        hessian = valley(curvatures, seed)
        start = 1 + np.random.default_rng(seed).random(len(curvatures))
        if seed == 31:
            start = np.array([7, -4])
        points = path(student, hessian, start, rate, steps)
        check.that(len(points) > 2, "The path is too short to be followed.", "One point for each step.")
        expected = points[:-1] - rate * points[:-1] @ hessian
        hint = "The gradient of ½ wᵀHw is Hw, at the point where you are: no 2, no ½, and not the start's."
        check.close(points[1:], expected, "the path", rtol=1e-5, atol=1e-7, hint=hint)


# ---- 3 recorded curves


@grades("diagnose", points=1)
def test_overflow_means_too_large(student):
    """NaN and infinity, wherever they stand, are signs of a rate that is too large; the curve stays as it is."""
    good = falling(2.3, 20, 0.1, 0.02, seed=31)
    curves = []
    for place, value in ((19, np.nan), (3, np.nan), (11, np.inf), (0, np.inf), (7, np.nan), (9, -np.inf)):
        curve = good.copy()
        curve[place] = value
        curves.append((2.3, curve))
    curves.append((1.0, [0.9, 0.95, float("nan"), float("nan"), float("nan"), float("nan")]))
    hint = "Rule 1 comes first: np.isfinite. A comparison with NaN is never true, and min and max may hide it."
    verdicts(student, curves, "too large", "that holds NaN or infinity", hint, unlike=(2.3, good), keeping=True)


@grades("diagnose", points=1)
def test_knows_suitable_curves(student):
    """A curve that came down to half of the start is suitable, however noisy; the curve itself stays as it is."""
    spiked = falling(2.3, 15, 0.15, 0.02, seed=32)
    spiked[-1] = 2.3 * 3
    hump = falling(4.0, 24, 0.1, 0.03, seed=33)
    hump[:3] = 9.0, 7.0, 11.0
    noisy = 2.3 * np.where(np.arange(30) % 2 == 0, 0.05, 0.33)
    late = 0.7 * np.append(np.full(10, 0.99), np.full(8, 0.1))
    three_of_five = 0.7 * np.append(np.full(10, 0.99), [0.1, 0.1, 0.1, 0.99, 0.99])
    quick = [0.3, 0.28, 0.27, 0.27, 0.26, 0.26]
    curves = [
        (2.3, spiked),
        (4.0, hump),
        (2.3, noisy),
        (0.7, late),
        (0.7, three_of_five),
        (2.3, quick),
        (1.5, falling(1.5, 40, 0.2, 0.1, 34)),
        (8.0, [2.0, 1.0, 9.0, 1.5, 0.5]),  # five epochs only
        (2.3, np.array([2.2, 2.3, 2.2, 2.1, 0.3, 0.2, 0.3, 2.2, 2.1], dtype=np.float32)),
    ]
    hint = "The median of the last five losses against half of the start; ask this before you look at jumps."
    verdicts(student, curves, "suitable", "that came down", hint, unlike=(2.3, np.full(12, 2.2)), keeping=True)


@grades("diagnose", points=1)
def test_knows_curves_that_crawl(student):
    """A curve that hardly moves is too small a rate's: falling slowly, flat, noisy, or with one lucky epoch."""
    lucky = crawling(2.3, 12, 0.9, 0.01, seed=35)
    lucky[6] = 0.2
    last_days = []
    for places in ([-1], [-2], [-3], [-4], [-5], [-5, -1], [-3, -2]):  # one lucky epoch, or two, at the end
        curve = crawling(3.1, 20, 0.9, 0.01, seed=41)
        curve[places] = 0.1
        last_days.append((3.1, curve))
    curves = [
        *last_days,
        (12.0, crawling(12.0, 25, 0.97, 0.03, seed=42)),  # jumps of 0.3, which is little here
        (40.0, np.round(crawling(40.0, 15, 0.9, 0.02, seed=43)).astype(int)),
        (0.25, crawling(0.25, 5, 0.9, 0.0, seed=44)),
        (2.0, np.append(crawling(2.0, 25, 0.97, 0.01, seed=45), [2.1, 1.6, 2.1, 1.6, 2.1])),  # jumps at the end only
        (2.3, crawling(2.3, 30, 0.78, 0.0, seed=36)),
        (2.3, crawling(2.3, 30, 0.65, 0.01, seed=51)),  # came down, though not to one half
        (1.4, np.append([1.65], crawling(1.4, 14, 0.95, 0.01, seed=52))),  # above the start, though not far
        (10.0, np.tile([6.5, 5.8], 8)),  # jumps of 0.7: a tenth of the losses, not of the start
        (0.69, np.full(10, 0.69)),
        (5.0, crawling(5.0, 25, 0.95, 0.03, seed=37)),
        (2.3, lucky),
        (1.0, [0.99, 0.98, 0.98, 0.97, 0.96, 0.96]),
    ]
    hint = "It has not come down, and its typical jump (the median of |differences|) is small: rule 4 and then rule 5."
    verdicts(student, curves, "too small", "that hardly moves", hint, unlike=(2.3, falling(2.3, 12, 0.05, 0.02, 46)))


@grades("diagnose", points=1)
def test_knows_curves_that_bounce(student):
    """A curve that jumps back and forth and gets nowhere is too large a rate's."""
    curves = [
        (2.3, bouncing(2.3, 20, 0.75, 1.25, seed=38)),
        (0.7, bouncing(0.7, 9, 0.8, 1.2, seed=39)),
        (6.0, bouncing(6.0, 31, 0.8, 1.3, seed=40)),
        (1.0, [0.7, 1.2, 0.8, 1.3, 0.75, 1.2, 0.7]),
        (0.1, bouncing(0.1, 11, 0.8, 1.2, seed=47)),  # jumps of 0.04, which is much here
        (3.0, [2.3, 3.6, 2.2, 3.5, 2.3]),
        (2.3, 2.3 * np.tile([0.86, 1.02], 9)),  # jumps of 0.16 of the start
        (1.0, [0.98, 0.97, 0.96, 1.3, 0.9]),  # two jumps of four; the start is no loss of the curve
        (2.3, np.append(bouncing(2.3, 25, 0.75, 1.25, seed=48), np.full(5, 2.2))),  # and then stands still
    ]
    hint = "The typical jump: the median of |loss[t+1] - loss[t]|, against a tenth of the start."
    verdicts(
        student,
        curves,
        "too large",
        "that jumps and gets nowhere",
        hint,
        unlike=(2.3, falling(2.3, 20, 0.05, 0.01, 49)),
    )


@grades("diagnose", points=1)
def test_knows_curves_that_climbed(student):
    """A curve that was thrown far above the start and did not recover is too large a rate's, even if it is smooth."""
    thrown = np.append([400.0, 3.4], 2.1 + 0.01 * np.arange(12) % 0.04)
    smooth = 2.3 * np.exp(0.035 * np.arange(1, 41))
    back = 1.0 + 1.5 * np.exp(-((np.arange(40) - 18) ** 2) / 60)
    twice = 0.9 + 1.1 * np.exp(-((np.arange(40) - 18) ** 2) / 200)  # up to twice the start, in steps below a tenth
    curves = [
        (2.3, thrown),
        (2.3, smooth),
        (1.0, back),
        (1.0, twice),
        (6.0, [30.0, 29.0, 12.0, 6.1, 6.0, 5.9, 5.9, 5.8, 5.8]),
    ]
    hint = "Look at the highest loss of the whole curve, and compare with `start`, not with the first epoch's loss."
    fall = (5.0, falling(5.0, 20, 0.05, 0.01, seed=50))
    verdicts(student, curves, "too large", "that climbed far above the start", hint, unlike=fall)


# ---- 5 batches


@grades("batch", points=1)
def test_last_batch_counts(student):
    """The rows that are left over make a smaller batch of their own, also when there are fewer rows than a batch."""
    for rows, size, expected in (
        (1000, 128, 8),
        (61, 10, 7),
        (7, 4, 2),
        (5, 32, 1),
        (1000, 300, 4),
        (60_001, 100, 601),
    ):
        hint = "Round up: the last batch is smaller, and it makes an update like the others."
        check.equal(student.call("updates", rows, size), expected, f"updates({rows}, {size})", hint=hint)


@grades("batch", points=0.5)
def test_no_empty_batch(student):
    """Where nothing is left over there is no further update, and the number is an integer."""
    for rows, size, expected in ((1280, 128, 10), (9, 3, 3), (50, 50, 1), (17, 1, 17)):
        hint = "Round up, do not add one: an empty batch makes no update."
        got = student.call("updates", rows, size)
        check.equal(got, expected, f"updates({rows}, {size})", hint=hint)
        whole = isinstance(got, int) or (isinstance(got, np.ndarray | np.generic) and got.dtype.kind in "iu")
        check.that(whole, f"updates({rows}, {size}) is {got!r}, a float.", "Updates are counted: return an integer.")


@grades("batch", points=0.5)
def test_every_epoch_ends_with_its_own_batch(student):
    """Several epochs make as many times the updates of one: no batch reaches from one epoch into the next."""
    for rows, size, epochs in ((1000, 128, 5), (7, 4, 10), (640, 64, 3), (5, 32, 6), (1, 1, 4)):
        one = check.number(student.call("updates", rows, size), "updates(...) for one epoch")
        hint = "Round up for one epoch, then multiply."
        check.that(abs(one - rows / size) <= 1, f"updates({rows}, {size}) is far from rows / batch size.", hint)
        got = student.call("updates", rows, size, epochs=epochs)
        check.equal(got, int(epochs * one), f"updates({rows}, {size}, epochs={epochs})", hint=hint)


@grades("batch", points=1)
def test_noise_falls_with_the_root_of_the_batch_size(student):
    """Sixteen times the batch size leaves a quarter of the noise, and the noise is as large as the rule has it."""
    for n, d, small, seed in ((4000, 3, 2, 51), (6000, 1, 5, 52)):
        gradients = scattered(n, d, seed, centre=0.0)
        many, few = (noise(student, gradients, size, 2000, seed) for size in (small, 16 * small))
        hint = (
            "The mean gradient of each mini-batch, its distance from the mean of all rows, squared, averaged, rooted."
        )
        check.that(few > 0, "The noise of the larger batches is 0.", hint)
        right = 3.4 < many / few < 4.7
        check.that(right, f"Sixteen times the batch size divides the noise by {many / few:.3g}.", hint)
        # A variance of the mean of B rows is that of one row over B. Chance moves its root by about 2 % here; a mean
        # distance is 14 % (3 columns) or 23 % (1 column) below it.
        relative = many / np.sqrt(gradients.var(axis=0).sum() / small)
        hint = "A root of a mean of squared distances: square, then sum over the columns, then the mean, then the root."
        rationale = f"The noise of batches of {small}, {many:.3g}, is not the root of their mean squared distance."
        check.that(abs(relative - 1) < 0.12, rationale, hint)
    # A single mini-batch of two of three rows has one of six means, whether a row may be drawn twice or not.
    gradients = np.array([[-2.0, 0.0], [-1.0, 2.0], [3.0, -2.0]])
    pairs = [(gradients[i] + gradients[j]) / 2 for i in range(3) for j in range(i + 1)]
    distances = np.array([np.linalg.norm(pair - gradients.mean(axis=0)) for pair in pairs])
    hint = "With one draw the noise is one distance: from the mean of the rows drawn to the mean of all rows."
    for seed in range(53, 57):
        got = noise(student, gradients, 2, 1, seed)
        one_of = bool(np.isclose(distances, got, rtol=1e-4, atol=1e-6).any())
        check.that(one_of, f"With three rows, no mini-batch of two is {got:.4g} away from the mean of all.", hint)


@grades("batch", points=1)
def test_rows_that_agree_make_no_noise(student):
    """Where all rows have the same gradient every mini-batch is right: the noise is 0, however steep the slope."""
    for row, size in (([3.0, -2.0, 7.0], 4), ([12.5], 1)):
        gradients = np.tile(row, (60, 1))
        hint = "Noise is the distance from the gradient of all rows, not from zero."
        check.close(noise(student, gradients, size, 50, 53), 0.0, "the noise", atol=1e-6, hint=hint)
        gradients[::2] += 1  # now they do not agree
        check.that(noise(student, gradients, size, 50, 53) > 0, "Rows that do not agree make no noise.", hint)


@grades("batch", points=1)
def test_noise_is_repeatable(student):
    """The same seed gives the same noise, another seed another one; the gradients stay as they are."""
    gradients = scattered(300, 2, 54, centre=1.0)
    first, again, other = (noise(student, gradients, 7, 40, seed, keeping=True) for seed in (5, 5, 6))
    steep = noise(student, 1000 * gradients, 7, 40, 5)
    check.that(steep > 10 * first, "Gradients that are 1,000 times as large make no more noise.", "Use `gradients`.")
    hint = "Make one generator from `seed`, before the loop, and draw all batches from it."
    check.that(abs(first - again) <= 1e-9 * (1 + first), "Two calls with the same seed give different noise.", hint)
    check.that(first != other, "Two seeds give the very same noise.", hint)
