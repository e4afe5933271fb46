"""The numbers and effects that the lecture names come out of the notebooks, with their reference answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.slice import places_needed

REPOSITORY = Path(__file__).resolve().parents[2]
MNIST = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]  # training images of the digits 0 to 9
CLOCKS = "np.arange(0, 720, 11)"


def values(name: str, *exercises: str, **expressions: str) -> dict[str, Any]:
    """Run what some exercises need in an ordinary kernel; return Python expressions' values at the end."""
    assignment = Assignment.find(name, REPOSITORY / "source", REPOSITORY / "graders")
    notebook = assignment.source
    needed = places_needed(notebook, assignment, exercises)
    cells = [c for i, c in enumerate(notebook.cells) if i in needed and grade_id(c) not in assignment.graded_cells]
    pairs = ", ".join(f"{key!r}: {expression}" for key, expression in expressions.items())
    cells.append(new_code_cell(f"import json\nprint(json.dumps({{{pairs}}}, default=float))"))
    run = type(notebook)(notebook, cells=cells)
    NotebookClient(run, kernel_name="python3", resources={"metadata": {"path": str(assignment.source_dir)}}).execute()
    return json.loads(run.cells[-1].outputs[0].text)


@pytest.mark.all
def test_three_baselines_of_the_lecture() -> None:
    """MNIST 10 %, IMDB 50 %, Reuters 18 to 19 % by shuffling; there the commonest class has 35 %, a blind guess 2 %."""
    got = values(
        "ps3_baselines", "counts", "shuffle",
        mnist=f"baselines({MNIST})", imdb="baselines([12500, 12500])", reuters="baselines(reuters)",
        shuffled="np.mean(shuffle_accuracies(np.repeat(np.arange(46), reuters), 200, seed=1))",
    )  # fmt: skip
    assert got["mnist"]["uniform"] == pytest.approx(0.1)
    assert got["imdb"]["uniform"] == got["imdb"]["shuffle"] == pytest.approx(0.5)
    assert got["reuters"]["shuffle"] == pytest.approx(0.18375, abs=5e-6)
    assert 0.18 < got["shuffled"] < 0.19
    assert got["reuters"]["majority"] == pytest.approx(0.352, abs=5e-4)
    assert got["reuters"]["uniform"] == pytest.approx(0.022, abs=5e-4)


@pytest.mark.all
def test_noise_costs_more_than_zeros() -> None:
    """With as many columns of white noise as pixels a network does clearly worse than with zeros."""
    got = values(
        "ps1_overfitting", "noise-columns",
        zeros="accuracy(zeros_model, zeros_val, y_val)", noise="accuracy(noise_model, noise_val, y_val)",
    )  # fmt: skip
    assert got["zeros"] > got["noise"] + 0.04


@pytest.mark.all
def test_shuffled_labels_are_learnt_and_teach_nothing() -> None:
    """Training accuracy climbs on shuffled labels; on validation rows the network stays at chance."""
    got = values(
        "ps1_overfitting",
        "shuffled",
        training="accuracy(shuffled_model, x_train, shuffled_labels)",
        held_out="accuracy(shuffled_model, x_val, y_val)",
    )
    assert got["training"] > 0.85
    assert got["held_out"] < 0.2


@pytest.mark.all
def test_two_learning_rates_fail_beside_a_good_one() -> None:
    """RMSprop at 1.0 and at 1e-6 stays far behind 1e-2."""
    got = values("ps4_learning_rate", "sweep", rates="[curves[r]['accuracy'] for r in (1.0, 1e-6, 1e-2)]")
    too_large, too_small, good = got["rates"]
    assert good > max(too_large, too_small) + 0.15


@pytest.mark.all
def test_room_shows_in_the_training_loss() -> None:
    """Two hidden units never fit 800 images; softmax regression does, late, and turns too; hidden layers do at once."""
    got = values(
        "ps5_model_capacity",
        "bigger",
        narrow="narrow_model.history.history",
        small="softmax_model.history.history",
        big="bigger_model.history.history",
    )
    narrow, small, big = got["narrow"], got["small"], got["big"]
    assert min(narrow["loss"]) > 0.5
    assert small["loss"][19] > 0.1 > big["loss"][19]
    assert small["val_loss"][-1] > min(small["val_loss"]) + 0.02
    assert min(small["val_loss"]) > min(big["val_loss"])


@pytest.mark.all
def test_features_make_the_clock_exact() -> None:
    """From pixels to tips to angles to the time: no minute is missed."""
    times = f"read_time(hand_angles(hand_tips(np.stack([draw_clock(t) for t in {CLOCKS}]))))"
    got = values(
        "ps6_feature_engineering",
        "dial-error",
        "hand-tips",
        "hand-angles",
        "read-time",
        error=f"np.max(clock_error({times}, {CLOCKS}))",
    )
    assert got["error"] == 0


@pytest.mark.all
@pytest.mark.parametrize(("exercise", "model"), [("penalised", "penalised_model"), ("drop-model", "dropout_model")])
def test_penalties_and_dropout_narrow_the_gap(exercise: str, model: str) -> None:
    """Training accuracy minus validation accuracy is much smaller than that of the plain network."""
    gap = "accuracy({0}, x_train, y_train) - accuracy({0}, x_val, y_val)"
    got = values(
        "ps8_regularization", "penalty", exercise, plain=gap.format("plain_model"), held_back=gap.format(model)
    )
    assert got["held_back"] < got["plain"] - 0.05
