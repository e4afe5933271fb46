"""Whatever comes in ends in a value or in the one error that is meant for it: inputs that nobody thought of."""

from __future__ import annotations

import contextlib
import io
import json
import math
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from restoring import submitted

from goodfit import check
from goodfit.check import CheckFailed
from goodfit.grading.keras_file import RefusedModel, vet
from goodfit.inside import wire
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.restore import UnreadableNotebook, restore
from goodfit.notebooks.submission import read_submission

# the same inputs in every run; `--hypothesis-seed=random` with derandomize off is for a search of one's own
quick = settings(
    derandomize=True, max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

DTYPES = st.one_of(
    hnp.boolean_dtypes(), hnp.integer_dtypes(endianness="?"), hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
    hnp.complex_number_dtypes(), hnp.unicode_string_dtypes(max_len=5), hnp.byte_string_dtypes(max_len=5),
)  # fmt: skip
ARRAYS = DTYPES.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(min_value=-(2**2000), max_value=2**2000),
    st.floats(allow_nan=False), st.complex_numbers(allow_nan=False), st.text(),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
        st.sets(SCALARS, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip
ANYTHING = st.one_of(VALUES, ARRAYS, st.floats(), st.lists(ARRAYS, max_size=3))

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=15,
)


def parts(*names: str, inner: Any = JSON) -> Any:
    """JSON objects whose keys are mostly the ones that are looked at."""
    return st.dictionaries(st.one_of(st.sampled_from(names), st.text(max_size=5)), inner, max_size=len(names))


TAGS = st.sampled_from(["list", "tuple", "set", "dict", "int", "float", "complex", "array", "rng", "handle", "pickle"])
TREES = st.recursive(
    JSON,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"t": TAGS, "v": st.one_of(inner, st.lists(inner, max_size=3))}),
        st.fixed_dictionaries(
            {
                "t": st.just("array"),
                "dtype": st.one_of(st.sampled_from(["<f8", "|O", "<i4", "|b1", "<U3", "|S0", "V8", "f8,i4"]), JSON),
                "shape": st.one_of(st.lists(st.integers(-1, 4), max_size=3), JSON),
                "b": st.one_of(st.integers(-1, 3), JSON),
            }
        ),
        st.fixed_dictionaries({"t": st.just("dict"), "v": st.lists(st.lists(inner, max_size=3), max_size=3)}),
    ),
    max_leaves=10,
)


@quick
@given(VALUES)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    tree, buffers = wire.encode(value)
    came = wire.decode(json.loads(json.dumps(tree)), buffers)
    assert came == value
    assert type(came) is type(value)


@quick
@given(ARRAYS)
def test_arrays_come_back_as_they_were(array: np.ndarray) -> None:
    tree, buffers = wire.encode(array)
    came = wire.decode(json.loads(json.dumps(tree)), buffers)
    assert came.shape == array.shape
    assert came.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(came, array)


@quick
@given(TREES, st.lists(st.binary(max_size=64), max_size=3))
def test_any_tree_is_a_value_or_an_error_of_the_wire(tree: Any, buffers: list[bytes]) -> None:
    with contextlib.suppress(wire.WireError):
        wire.encode(wire.decode(tree, buffers))


@quick
@given(
    ANYTHING, st.one_of(st.floats(-10, 10), st.integers(-5, 5), st.text(max_size=3), st.booleans(), st.none(), ARRAYS)
)
def test_any_answer_passes_or_fails_a_check(value: Any, expected: Any) -> None:
    """A check that breaks would be our fault, and needs a human: no answer may bring that about."""
    numbers = isinstance(expected, int | float) or (isinstance(expected, np.ndarray) and expected.dtype.kind in "iuf")
    looks = [
        lambda: check.number(value, "it", low=0, high=1),
        lambda: check.number(value, "it", integer=True),
        lambda: check.array(value, "it", shape=(None, 2), dtype="number"),
        lambda: check.array(value, "it", dtype="integer", finite=False),
        lambda: check.array(value, "it", dtype="text"),
        lambda: check.array(value, "it"),
        lambda: check.sequence(value, "it", length=2),
        lambda: check.mapping(value, "it", keys=["a", 1]),
        lambda: check.equal(value, expected, "it"),
        lambda: check.scaled(value, 0.0, 1.0, "it"),
        lambda: check.close(value, expected, "it") if numbers else None,
    ]
    for look in looks:
        try:
            look()
        except CheckFailed as failed:
            str(failed).encode(errors="surrogateescape")


CELL = st.one_of(
    parts("cell_type", "source", "metadata", "id", "outputs", "attachments", "execution_count"),
    st.fixed_dictionaries(
        {
            "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", "x"]),
            "source": st.one_of(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=3), JSON),
            "metadata": st.one_of(
                st.fixed_dictionaries({"nbgrader": parts("grade_id", "grade", "points", "task")}), JSON
            ),
        }
    ),
)


@quick
@given(st.data())
def test_any_notebook_is_put_on_the_frame_or_refused(tiny: Assignment, data: st.DataObject) -> None:
    """Cells of a right answer, damaged ones between them, in any order: every instructor's cell is there once."""
    notebook = submitted(tiny)
    own = data.draw(st.lists(st.sampled_from(notebook["cells"]), max_size=14))
    odd = data.draw(st.lists(CELL, max_size=5))
    cells = data.draw(st.permutations([*own, *odd]))
    whole = data.draw(
        st.one_of(st.just({**notebook, "cells": cells}), parts("cells", "nbformat", "metadata", inner=JSON))
    )
    try:
        came = restore(json.dumps(whole).encode(), tiny)
    except UnreadableNotebook:
        return
    nbformat.validate(came.notebook)
    names = [grade_id(cell) for cell in came.notebook.cells if grade_id(cell)]
    assert sorted(names) == sorted(name for cell in tiny.instructor.cells if (name := grade_id(cell)))


@quick
@given(st.binary(max_size=200))
def test_any_bytes_are_no_notebook(tiny: Assignment, content: bytes) -> None:
    with pytest.raises(UnreadableNotebook):
        restore(content, tiny)


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
FILES = st.one_of(
    NAMES,
    st.sampled_from(["tiny.ipynb", "Tiny.ipynb", "tiny (1).ipynb", "tiny.ipynb.txt", "timestamp.txt", "data.csv"]),
)


@settings(quick, max_examples=60)
@given(st.dictionaries(st.tuples(st.lists(NAMES, max_size=2).map(tuple), FILES), st.binary(max_size=40), max_size=6))
def test_any_folder_can_be_read(files: dict[tuple[tuple[str, ...], str], bytes]) -> None:
    """Files of any name in folders of any name: read, or left out with a sentence; nothing outside, nothing twice."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "kim")
        folder.mkdir()
        for (folders, name), content in files.items():
            try:
                path = folder.joinpath(*[part for part in folders if part not in (".", "..")], name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError:  # a file where a folder should be; `.`, `..`
                continue
        came = read_submission(folder, "tiny.ipynb")
        for name, content in came.files.items():
            assert (folder / name).read_bytes() == content
            assert (folder / name).resolve().is_relative_to(folder.resolve())
        for sentence in [*came.notices, *came.attention]:
            assert sentence.isprintable(), repr(sentence)


LAYER = parts("class_name", "module", "config", "registered_name", "build_config", "inbound_nodes")


@quick
@given(
    st.one_of(
        st.binary(max_size=80),
        parts("class_name", "module", "config", "layers", inner=st.one_of(JSON, LAYER, st.lists(LAYER))),
    )
)
def test_any_archive_is_a_model_or_refused(config: Any) -> None:
    """Whatever a student's kernel calls a model file is read as far as JSON goes, and refused with a sentence."""
    content = config
    if not isinstance(config, bytes):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("config.json", json.dumps(config))
            archive.writestr("metadata.json", "{}")
            archive.writestr("model.weights.h5", b"")
        content = file.getvalue()
    with pytest.raises(RefusedModel, match=r"\S"):
        vet(content)


def test_infinities_and_halves_of_characters_are_values_too() -> None:
    """What JSON and UTF-8 cannot say is among the inputs above: it is not left out by chance."""
    for value in (math.inf, -math.inf, "\ud800", 2**2000):
        tree, buffers = wire.encode(value)
        json.dumps(wire.decode(json.loads(json.dumps(tree)), buffers)).encode()
