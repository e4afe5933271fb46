"""Data files of a set: their arrays, and what tells that one of them was copied into another."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from goodfit.notebooks.source import AssignmentError, shown

RUN = 12  # neighbouring values: so many are alike in two data sets only where one was copied
LABELS = 16  # an array of no more distinct values is taken for labels


def digests(path: Path) -> set[bytes]:
    """Digests of what tells a data file: its bytes, the rows of its arrays or tables, and runs of their values."""
    content = path.read_bytes()
    found = {_digest(content)} if content else set()
    for array in arrays(path):
        if array.dtype.kind in "biuf" and array.size:
            plain = array.astype(np.float32)  # the same rows of another dtype are the same rows
            if plain.ndim >= 2 and plain[0].size >= 4:
                rows = plain.reshape(len(plain), -1)
                found |= {_digest(row.tobytes()) for row in rows if len(np.unique(row)) >= 4}
            else:
                found |= _runs(plain.ravel())
    return found


def _runs(values: np.ndarray[Any, Any]) -> set[bytes]:
    """Digests of all runs of RUN neighbouring values, but for steps that anybody would count; of labels, which are
    alike everywhere, of the whole array, unless it is in an order that anybody could guess.
    """
    if len(np.unique(values)) <= LABELS:
        orderly = (np.diff(values) >= 0).all() or any((values[n:] == values[:-n]).all() for n in range(1, LABELS + 1))
        return set() if orderly or len(values) < 2 * RUN else {_digest(values.tobytes())}
    runs = np.lib.stride_tricks.sliding_window_view(values, min(RUN, len(values)))
    telling = [run for run in runs if len(np.unique(run)) >= 4 and len(np.unique(np.diff(run))) > 1]
    return {_digest(run.tobytes()) for run in telling}


def arrays(path: Path) -> Iterator[np.ndarray[Any, Any]]:
    """The arrays of a data file: of an archive, or the numbers of a table and each of its columns.

    Raises:
        AssignmentError: when it cannot be read.
    """
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as archive:
                yield from (archive[name] for name in archive.files)
        elif path.suffix == ".npy":
            yield np.load(path, allow_pickle=False)
        elif ".csv" in path.suffixes:
            import pandas as pd

            table = pd.read_csv(path).select_dtypes("number")
            yield table.to_numpy()
            yield from (table[column].to_numpy() for column in table)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise AssignmentError(f"{shown(path)} cannot be read as data ({error}). Build it again.") from None


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
