"""Checks of exercises 1 to 4: time on a circle, hand tips, angles, and the time."""

from __future__ import annotations

from typing import Any

import numpy as np
from ps6_feature_engineering.helpers import apart, bounded, clocks

from goodfit import check, grades

# ---- 1 minutes around the dial


@grades("dial-error", points=1)
def test_goes_the_short_way_round(student):
    """The error between two times is the shorter way round the dial; the times that are passed stay as they are."""
    rng = np.random.default_rng(61)
    ends = np.array([0, 719, 1, 718, 360, 0, 0, 359, 5, 5])
    pairs = [(ends, ends[::-1].copy()), rng.integers(0, 720, size=(2, 83)), rng.integers(0, 720, size=(2, 1)) * 1.0]
    for predicted, actual in pairs:
        errors = student.call_sparing("clock_error", predicted, actual)
        hint = "From 11:59 to 12:01 it is two minutes. One way round, or the rest of the 720 minutes: which is shorter?"
        check.close(errors, apart(predicted, actual, 720), "clock_error(...)", hint=hint)


@grades("dial-error", points=0.5)
def test_ignores_whole_turns(student):
    """Whole turns do not change the error, and fractions of minutes count."""
    rng = np.random.default_rng(62)
    actual = rng.uniform(0, 240, size=40)
    predicted = actual + rng.uniform(0, 300, size=40)  # the direct way is the short one, once the turns are gone
    for first, second in ((predicted, actual), (actual, predicted)):
        turns = 720 * rng.integers(-4, 5, size=(2, 40))
        errors = student.call("clock_error", first + turns[0], second + turns[1])
        hint = "725 is the same time as 5, and -3 the same as 717: np.mod."
        check.close(errors, apart(first, second, 720), "clock_error(...)", atol=1e-6, hint=hint)


@grades("dial-error", points=0.5)
def test_places_times_on_the_circle(student):
    """12 o'clock lies at the top, 3 o'clock on the right, and one turn has 720 minutes, not only the first turn.

    The minutes that are passed stay as they are.
    """
    for minutes in (
        np.array([0, 180, 360, 540]),
        np.arange(0.5, 720, 31.7),
        np.array([77]),
        np.array([-3, 725, -1500.5]),
    ):
        points = student.call_sparing("to_circle", minutes)
        wanted = np.column_stack([np.sin(minutes * np.pi / 360), np.cos(minutes * np.pi / 360)])
        hint = "Columns x and y: x is the sine, y the cosine, and 720 minutes are one turn."
        check.close(points, wanted, "to_circle(...)", atol=1e-6, hint=hint)


@grades("dial-error", points=1)
def test_reads_times_from_points(student):
    """A point is read as the time in whose direction it lies, at any distance, from 0 to below 720."""
    rng = np.random.default_rng(63)
    for minutes in (np.array([0.0, 180, 360, 540, 719.5]), rng.uniform(1, 719, size=120), np.array([411.25])):
        length = 10 ** rng.uniform(-3, 1, size=(len(minutes), 1))
        points = length * np.column_stack([np.sin(minutes * np.pi / 360), np.cos(minutes * np.pi / 360)])
        hint = "Only the direction counts, and it has four quarters: np.arctan2, then np.mod for the left half."
        times = bounded(student.call_sparing("from_circle", points), "from_circle(...)", (len(minutes),), hint)
        inside = bool(((times >= 0) & (times < 720)).all())
        check.that(inside, "from_circle(...) returns times below 0, or 720 and more.", hint)
        off = int((apart(times, minutes, 720) > 1e-6).sum())
        check.that(off == 0, f"Of {len(minutes)} points, {off} are read as a wrong time.", hint)
    whole = bounded(student.call("from_circle", np.array([[3, 3], [2, -2], [-7, -7]])), "from_circle(...)", (3,), hint)
    check.close(whole, [90, 270, 450], "from_circle(...) of points of whole numbers", atol=1e-6, hint=hint)


# ---- 2 hand tips

APART = [t for t in range(1, 720, 13) if apart(5.5 * t, 0, 360) > 30]  # times at which the hands are far apart
LENGTH_OFF = 0.05  # of the image size
HOUR_OFF, MINUTE_OFF = 10, 3  # degrees


def found(student: Any, images: np.ndarray, keeping: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Call ``hand_tips`` and return the tips' distances in pixels and directions in degrees, each (n, 2)."""
    hint = "For each image two lines, hour hand and minute hand, with x and y."
    call = student.call_sparing if keeping else student.call
    tips = bounded(call("hand_tips", images), "hand_tips(...)", (len(images), 2, 2), hint)
    return np.hypot(tips[..., 0], tips[..., 1]), np.degrees(np.arctan2(tips[..., 0], tips[..., 1]))


def in_either_order(off: Any, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """For each image, the better of the two ways to say which hand is which: largest miss relative to its limit."""
    return np.minimum(off(first, second).max(axis=1), off(first[:, ::-1], second).max(axis=1))


def slope(distances: np.ndarray, lengths: np.ndarray) -> float:
    """By how much the found distances grow with the true lengths: near 1 when right; the lower one of both hands."""
    a, b = distances - distances.mean(axis=0), lengths - lengths.mean(axis=0)
    return float(((a * b).sum(axis=0) / (b * b).sum(axis=0)).min())


def count_misses(misses: np.ndarray, what: str, hint: str) -> None:
    """Fail when one of the relative misses is above 1."""
    wrong = int((misses > 1).sum())
    check.that(wrong == 0, f"In {wrong} of {len(misses)} images {what}.", hint)


@grades("hand-tips", points=1)
def test_tips_lie_at_the_ends(student):
    """The tips are as far from the centre as the hands are long, whatever their lengths. The images do not change."""
    images, lengths, _ = clocks(APART[::2], 64, seed=21)
    distances, _ = found(student, images, keeping=True)
    hint = "Average only the outermost pixels of a hand."
    grows = max(slope(distances, lengths), slope(distances[:, ::-1], lengths))  # the order is another check
    check.that(grows > 0.7, "The tips lie hardly farther out where the hands are longer.", hint)
    misses = in_either_order(lambda a, b: np.abs(a - b) / (LENGTH_OFF * 64), distances, lengths)
    count_misses(misses, "a tip is too near to the centre or too far out", hint)


@grades("hand-tips", points=1)
def test_tips_lie_in_the_right_direction(student):
    """The tips lie in the hands' directions: x grows to the right, y grows upwards, from the centre of the image.

    An image turned by half a turn has its tips on the other side, as far from the centre.
    """
    images, _, angles = clocks(APART[1::2], 64, seed=22)
    _, directions = found(student, images)

    def off(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return apart(a, b, 360) / HOUR_OFF

    hint = "Row numbers grow downwards, y grows upwards; x comes first. The centre is at (s - 1) / 2."
    count_misses(in_either_order(off, directions, angles), "a tip lies in a wrong direction", hint)
    both = np.concatenate([images, images[:, ::-1, ::-1]])
    tips = bounded(student.call("hand_tips", both), "hand_tips(...)", (len(both), 2, 2), hint)
    centre = np.abs(tips.mean(axis=0)).max()  # a clock and itself turned by half a turn: each tip and its opposite
    check.that(centre < 0.3, "The tips are not measured from the centre of the image, but from beside it.", hint)


@grades("hand-tips", points=0.5)
def test_hour_hand_comes_first(student):
    """The blue hour hand's tip comes first, the orange minute hand's second."""
    images, _, _ = clocks(APART[::3], 64, seed=23)
    distances, directions = found(student, images)
    swapped = distances[:, 0] >= distances[:, 1]  # all minute hands are the longer ones, by far
    hint = "result[i, 0] is the hour hand, the blue and short one."
    check.that(not swapped.any(), f"In {swapped.sum()} of {len(images)} images the first hand is the longer one.", hint)
    moves = bool((np.ptp(directions, axis=0) > 1).all())
    check.that(moves, "The tips of all clocks lie in the same direction.", "Look for them in each image.")


def judge(student: Any, times: Any, size: int, seed: int, noise: float, limits: tuple[float, float], hint: str) -> None:
    """Fail unless all tips are right in this family of images, read in whatever axes and order they are.

    Axes and order have checks of their own. So the tips are also tried exchanged and in the seven other ways to turn
    or mirror x and y, one way for all images together.
    """
    images, lengths, angles = clocks(times, size, seed, noise)
    tips = bounded(student.call("hand_tips", images), "hand_tips(...)", (len(images), 2, 2))
    distances = np.hypot(tips[..., 0], tips[..., 1])
    fewest = len(images)
    for order in (slice(None), slice(None, None, -1)):
        for x, y in ((0, 1), (1, 0)):
            for sign_x in (1, -1):
                for sign_y in (1, -1):
                    seen = np.degrees(np.arctan2(sign_x * tips[:, order, x], sign_y * tips[:, order, y]))
                    wrong = (apart(seen, angles, 360) > limits).any(axis=1)
                    wrong |= (distances[:, order] < 0.2 * lengths).any(axis=1)  # how far out: another check
                    fewest = min(fewest, int(wrong.sum()))
    what = f"In {fewest} of {len(images)} images of {size} pixels a tip lies in a wrong direction."
    check.that(fewest == 0, what, hint)


@grades("hand-tips", points=0.5)
def test_finds_tips_at_other_sizes(student):
    """The tips are found in images of other sizes, odd ones too, and lie farther out in larger ones."""
    for size, seed in ((57, 24), (90, 25), (121, 26)):
        hint = "Take the size from images.shape, and the centre and all distances from the size."
        judge(student, APART[seed % 3 :: 5], size, seed, 0.0, (HOUR_OFF, MINUTE_OFF), hint)
        here, at_64 = (found(student, clocks(APART[seed % 3 :: 5], s, seed)[0])[0].mean() for s in (size, 64))
        in_pixels = abs(here - at_64 * size / 64) < 0.15 * here  # the same clocks; how far out they are: another check
        check.that(in_pixels, f"In images of {size} pixels the tips are not as far out as their size wants it.", hint)


@grades("hand-tips", points=0.5)
def test_finds_tips_of_overlapping_hands(student):
    """Both tips are found where the minute hand lies on top of the hour hand."""
    together = np.array([0, 65, 66, 131, 196, 262, 327, 328, 393, 458, 524, 589, 655, 64, 395])
    hint = "The hour hand is thicker: its edges stay visible. Mask it by its colour, not as the rest of the hands."
    judge(student, together, 64, 27, 0.0, (HOUR_OFF + 2, MINUTE_OFF + 1), hint)


@grades("hand-tips", points=0.5)
def test_finds_tips_in_noise(student):
    """The tips are found in noisy images."""
    for noise, seed in ((0.025, 28), (0.04, 29)):
        hint = "A pixel that is a little bluer than red is no hand yet: ask for about half of the hand's value."
        judge(student, APART[seed % 2 :: 4], 64, seed, noise, (HOUR_OFF, MINUTE_OFF), hint)


# ---- 3 angles


def tips_at(angles: np.ndarray, seed: int) -> np.ndarray:
    """Tips (n, 2, 2) in the given directions, at random distances."""
    length = 10 ** np.random.default_rng(seed).uniform(-1, 2, size=angles.shape)
    turn = np.radians(angles)
    return np.stack([length * np.sin(turn), length * np.cos(turn)], axis=-1)


@grades("hand-angles", points=1)
def test_angles_run_clockwise_from_twelve(student):
    """Angles are counted clockwise from 12 o'clock, in degrees, right in all four quarters."""
    rng = np.random.default_rng(31)
    quarters = np.array([[45.0, 135], [225, 315], [10, 190], [280, 100]])
    for angles in (quarters, rng.uniform(0, 360, size=(60, 2)), np.array([[123.0, 321]])):
        hint = "np.arctan2 of x and y, in this order, is the angle from the upward direction, clockwise."
        got = bounded(student.call("hand_angles", tips_at(angles, 32)), "hand_angles(...)", angles.shape, hint)
        wrong = int((apart(got, angles, 360) > 1e-6).sum())
        check.that(wrong == 0, f"Of {angles.size} directions, {wrong} are wrong.", hint)


@grades("hand-angles", points=0.5)
def test_angles_are_never_negative(student):
    """All angles are at least 0 and below 360 degrees; the tips that are passed stay as they are."""
    angles = np.array([[0.0, 90], [180, 270], [1, 359], [181, 179], [300, 200]])
    tips = tips_at(angles, 33).round(9) + 0.0  # no minus zero, nothing a hair beside an axis
    hint = "np.arctan2 answers from -180 to 180: np.mod(..., 360) brings the left half to 180 to 360."
    got = bounded(student.call_sparing("hand_angles", tips), "hand_angles(...)", (5, 2), hint)
    back = bounded(student.call("hand_angles", tips[::-1].copy()), "hand_angles(...)", (5, 2), hint)
    reads = bool((np.ptp(got, axis=0) > 0).all()) and np.allclose(back, got[::-1])
    check.that(reads, "The angles do not depend on the tips.", "Each hand's angle comes from its own tip.")
    outside = int(((got < 0) | (got >= 360)).sum())
    check.that(outside == 0, f"Of {got.size} angles, {outside} are below 0, or 360 and more.", hint)


# ---- 4 the time


def true_angles(times: np.ndarray) -> np.ndarray:
    """The exact angles (n, 2) of both hands at whole minutes."""
    return np.column_stack([times / 2, times % 60 * 6.0])


def misread(student: Any, angles: np.ndarray, times: np.ndarray) -> int:
    """Call ``read_time`` and count the wrong times.

    Whole turns are forgiven where they are there with exact angles as well: they belong to the check of these.
    """
    got, exact = (
        bounded(student.call("read_time", a), "read_time(...)", (len(times),))
        for a in (angles % 360, true_angles(times))
    )
    turns = np.where(apart(exact, times, 720) > 1e-9, 0, exact - times)
    return int((np.abs(got - turns - times) > 1e-9).sum())


@grades("read-time", points=1)
def test_reads_all_exact_times(student):
    """All 720 exact positions of the hands are read exactly, as whole numbers from 0 to 719."""
    times = np.random.default_rng(41).permutation(720)
    even = times[times % 2 == 0]  # their angles are whole numbers
    hint = "Minutes since 12 o'clock: 60 times the hour, which is 0 at 12, plus the minute."
    for some, angles in ((times, true_angles(times)), (even, true_angles(even).astype(int)), ([610], [[305.0, 60.0]])):
        got = student.call_sparing("read_time", np.asarray(angles))
        check.equal(got, np.asarray(some), "read_time(...)", hint=hint)


@grades("read-time", points=1)
def test_bears_a_bent_hour_hand(student):
    """An hour hand that is up to 13 degrees off does no harm, also around the full hour and around 12."""
    times = np.random.default_rng(45).permutation(720)
    for sign in (1, -1):
        bend = sign * np.random.default_rng(42).uniform(1, 13, size=720)
        wrong = misread(student, true_angles(times) + np.column_stack([bend, np.zeros(720)]), times)
        hint = "Which hour brings 30 h + m / 2 nearest to the hour hand, once you know the minute m? Round, do not cut."
        check.that(wrong == 0, f"Of 720 times with a bent hour hand, {wrong} are misread.", hint)


@grades("read-time", points=0.5)
def test_bears_an_inexact_minute_hand(student):
    """A minute hand that is up to 2.5 degrees off does no harm, also where it is just before 12."""
    times = np.random.default_rng(46).permutation(720)
    for sign in (1, -1):
        shift = sign * np.random.default_rng(43).uniform(0.5, 2.5, size=720)
        wrong = misread(student, true_angles(times) + np.column_stack([np.zeros(720), shift]), times)
        hint = "The nearest mark: 358 degrees are minute 0, not 59 and not 60."
        check.that(wrong == 0, f"Of 720 times with an inexact minute hand, {wrong} are misread.", hint)


@grades("read-time", points=1)
def test_measures_the_disagreement(student):
    """The disagreement is the hour hand's distance from the nearest place that the minute hand allows, at most 15."""
    rng = np.random.default_rng(44)
    minute = np.concatenate([[0.0, 0, 359.9, 180, 0.5], rng.uniform(0, 360, size=90)])
    bend = np.concatenate([[0.0, 15, -3, -14.5, 2], rng.uniform(-14.9, 14.9, size=90)])
    hour = (30.0 * rng.integers(0, 12, size=95) + minute / 12 + bend) % 360
    got = student.call_sparing("disagreement", np.column_stack([hour, minute]))
    hint = "The allowed places are minute_angle / 12 plus multiples of 30: how far is the nearest, on either side?"
    check.close(got, np.abs(bend), "disagreement(...)", atol=1e-6, hint=hint)
