"""What reads bytes that somebody else chose, each as a function of bytes: it raises nothing but the errors meant for it.

A target's seeds are inputs of the right form, from which a fuzzer makes others (:mod:`fuzz_command`).
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from random import Random
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
from live_pages import Page
from nbformat import NotebookNode
from restoring import submitted

from goodfit.course.downloads import Downloads
from goodfit.course.scores import Exercise, Score, Scores, Who
from goodfit.exports import canvas, moodle
from goodfit.exports.merge import Choice
from goodfit.exports.people import read_people
from goodfit.exports.table import ExportError, Table
from goodfit.grading.client import as_shown
from goodfit.grading.keras_file import RefusedModel, vet
from goodfit.grading.messages import BoundedSession, TooMuch
from goodfit.grading.model_graph import vet_graph
from goodfit.inside import frames, wire
from goodfit.notebooks import outputs
from goodfit.notebooks.assignment import Assignment, grade_id
from goodfit.notebooks.restore import UnreadableNotebook, restore
from goodfit.notebooks.submission import read_submission
from goodfit.texts import one_line, safe

COURSE = Path(__file__).parents[1] / "course"
Inner = tuple[Any, Callable[[Any], bytes]]
MOST = 1 << 20  # bytes of a message
NO_SCHEME = re.compile(r"<\w+ (href|src)=[^:]*>", re.DOTALL)
RUNNING = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "input", "button", "video", "audio"}


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        read: reads an input, and asserts what must hold of what came.
        seeds: inputs of the right form.
        share: of all inputs; slow readers get fewer.
        inner: the JSON value in an input, and a function that puts another one in its place; None where an input has
            no JSON in it. Changes of single bytes would rarely leave any.
    """

    read: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    share: int
    inner: Callable[[bytes], Inner] | None = None


# ---- answers, models and messages of a student's process


def _told(content: bytes) -> frames.Message | None:
    """The message that a stream begins with; None where it is none, or not whole."""
    stream, message = io.BytesIO(content), frames.unpack(MOST)
    wanted = next(message)
    try:
        while len(part := stream.read(wanted)) == wanted:
            wanted = message.send(part)
    except StopIteration as done:
        found: frames.Message = done.value
        return found
    except frames.Malformed:
        pass
    return None


def _in_message(content: bytes) -> Inner:
    header, buffers = _told(content) or ({}, [])
    return header, lambda other: b"".join(frames.pack(other, buffers))


def _answer(content: bytes) -> None:
    """An answer to a question of the grader."""
    told = _told(content)
    if told is not None:
        with contextlib.suppress(wire.WireError):
            wire.encode(wire.decode(told[0].get("value"), told[1]))
        wire.clean(str(told[0].get("text"))[:300])


def _answers() -> Iterable[bytes]:
    values = [
        None, True, 3, -2.5, 2**80, "text", [1, [2, (3, 4)]], {"a": 1, 2: {3}}, 1 + 2j, np.arange(6).reshape(2, 3),
        np.array(["a", "bc"]), [np.float32([1, np.nan]), {"x": np.zeros((0, 3), bool)}],
    ]  # fmt: skip
    for value in values:
        tree, buffers = wire.encode(value)
        yield b"".join(frames.pack({"status": "ok", "value": tree}, buffers))
    yield b"".join(frames.pack({"status": "error", "text": "ValueError: no", "number": 3}, []))


def _graph(content: bytes) -> None:
    """A model that came as a graph: its outer form."""
    told = _told(content)
    if told is not None:
        with contextlib.suppress(RefusedModel):
            vet_graph(told[0].get("value"), told[1])


def _graphs() -> Iterable[bytes]:
    layer = {"class_name": "Dense", "config": {"units": 3, "activation": "relu"}}
    model = {
        "graph": np.frombuffer(b"\x0a\x04name", np.uint8), "rows": "rows:0", "outputs": "Identity:0",
        "values": {"a:0": np.ones((2, 3), "float32"), "b:0": np.arange(2)}, "state": [("b:0", "Identity_1:0")],
        "layers": [layer, layer],
    }  # fmt: skip
    tree, buffers = wire.encode(model)
    yield b"".join(frames.pack({"status": "ok", "value": tree}, buffers))


def _model_file(content: bytes) -> None:
    """A ``.keras`` file."""
    with contextlib.suppress(RefusedModel):
        assert vet(content).layers


def _model_files() -> Iterable[bytes]:
    dense = {
        "module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "activation": "relu"},
        "inbound_nodes": [{"args": [], "kwargs": {"training": True}}],
    }  # fmt: skip
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [dense, dense]}}
    yield from (_archive(config, packed) for packed in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))


def _archive(config: Any, packed: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n")
    return file.getvalue()


def _in_archive(content: bytes) -> Inner:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("config.json")), _archive


SESSION = BoundedSession(key=b"")  # a student's kernel has its key: what is signed may still be anything


def _kernel_message(content: bytes) -> None:
    """The parts of a message of a student's kernel; what Jupyter's own reader raises is one case where it is used."""
    parts = content.split(b"\n")
    with contextlib.suppress(TooMuch, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        SESSION.deserialize([b"", *parts])


def _kernel_messages() -> Iterable[bytes]:
    for kind, told in (("stream", {"name": "stdout", "text": "a"}), ("display_data", {"data": {"text/plain": "1"}})):
        message = SESSION.msg(kind, content=told)
        yield b"\n".join(SESSION.serialize(message)[2:])


# ---- notebooks, and what is shown of them


def _in_text(content: bytes) -> Inner:
    return json.loads(content), lambda other: json.dumps(other).encode()


@cache
def tiny() -> Assignment:
    """The set that tests grade."""
    return Assignment.find("tiny", COURSE / "source", COURSE / "graders")


def _notebook(content: bytes) -> None:
    """A notebook that was handed in."""
    try:
        came = restore(content, tiny())
    except UnreadableNotebook:
        return
    nbformat.validate(came.notebook)
    names = [grade_id(cell) for cell in came.notebook.cells if grade_id(cell)]
    assert sorted(names) == sorted(name for cell in tiny().instructor.cells if (name := grade_id(cell)))


def _notebooks() -> Iterable[bytes]:
    whole = submitted(tiny())
    for content in (whole, {**whole, "cells": whole["cells"][:4]}, {**whole, "cells": []}):
        yield json.dumps(content).encode()
        yield json.dumps(content, indent=1).encode("utf-16")


def _output(content: bytes) -> None:
    """Outputs of a cell."""
    with contextlib.suppress(ValueError, RecursionError):
        told = json.loads(content)
        if isinstance(told, list):
            _shown(outputs.keep_safe_outputs([NotebookNode(one) for one in told if isinstance(one, dict)]))


def _shown(kept: list[NotebookNode]) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=kept)])
    nbformat.validate(notebook)
    for output in kept:
        for text in output.get("data", {}).get("text/html", ""), output.get("text", ""):
            if "data" in output:
                _dead(text)


def _outputs() -> Iterable[bytes]:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><use href="#b"/></g></svg>'
    yield json.dumps(
        [
            {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\r\x1b[1mc"]},
            {"output_type": "display_data", "data": {"image/png": png, "text/plain": "<A object at 0x7f1>"}},
            {"output_type": "execute_result", "data": {"image/svg+xml": svg}, "metadata": {"image/png": {"width": 3}}},
            {"output_type": "display_data", "data": {"text/html": "<b>", "image/gif": "R0lGODlhAQABAAAAACw="}},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mE", "v"]},
        ]
    ).encode()
    yield json.dumps([{"output_type": "display_data", "data": {"image/svg+xml": svg}}]).encode()


def _dead(page: str) -> None:
    """Nothing on it acts in a browser."""
    seen = Page(page)
    # an SVG as an image's source is a picture; a name that begins like a scheme, and has no colon, is a file's
    live = [one for one in seen.live if "data:image/svg+xml;base64," not in one and not NO_SCHEME.fullmatch(one)]
    assert not live, live
    assert not RUNNING & set(seen.tags), seen.tags


def _markdown(content: bytes) -> None:
    """A cell of prose, with what is attached to it."""
    head, _, source = content.decode("utf-8", "replace").partition("\n")
    attachments = {head: {"image/png": head, "image/svg+xml": head}}
    _dead(outputs.markdown({"cell": {"attachments": attachments}}, source))  # type: ignore[arg-type]
    _dead(outputs.html(source))


def _texts() -> Iterable[bytes]:
    yield b'a.png\n# Head\n![x](attachment:a.png) <a href="javascript:x">y</a> $\\frac{a}{b}$ `code`\n\n- *one*\n'
    yield b'\n<div onclick="x">$$\\begin{align}a&=b\\\\c\\end{align}$$</div>\n\n|a|b|\n|-|-|\n|1|<script>2</script>|\n'
    yield b"\n```python\nx = 1\n```\n> <svg><use href='#a'/></svg> &#x6a;avascript\n\n1. <img src=x onerror=y>\n[l]: http://x\n"
    yield b"a\rb\x08c\x1b]0;title\x07\xe2\x80\xae\n[red]x[/red]\n"


def _terminal(content: bytes) -> None:
    """A student's text on a terminal."""
    text = content.decode("utf-8", "surrogateescape")
    assert all(c.isprintable() or c in "\n\t" for c in safe(text))
    assert "\n" not in one_line(text)
    half = len(text) // 2
    assert len(as_shown(text[:half], text[half:])) <= len(text)


# ---- what people and platforms hand over


EVERYBODY = Scores(
    "tiny",
    "A tiny set",
    [Exercise("add", "Adding", 3.0)],
    [
        Score("ada", Who("Ada", "Lovelace", "ada@example.org", "1001"), True, points={"add": 3.0}, raw=3.0),
        Score("kim", Who("민수", "Kim", "", "1002"), True, points={"add": None}, needs_manual=True),
    ],
)


def _table(content: bytes) -> None:
    """A table of a platform, or one of names."""
    path = _folder() / "table.csv"
    path.write_bytes(content)
    with contextlib.suppress(ExportError):
        read_people(path)
    for merge in (canvas.merge, moodle.merge):
        with contextlib.suppress(ExportError):
            table = Table.read(path)
            widths = [len(row) for row in table.rows]
            merged = merge(table, EVERYBODY, Choice())
            assert [len(row) for row in merged.table.rows] == widths
            assert all(line.isprintable() for line in (*merged.troubles, *merged.notices))
            path.write_text(merged.table.text(), encoding="utf-8", errors="surrogatepass", newline="")
            assert len(Table.read(path).rows) == len(widths)


def _tables() -> Iterable[bytes]:
    yield (
        b"Student,ID,SIS Login ID,Section,A tiny set (77)\n,,,,Manual Posting\n    Points Possible,,,,3.0\n"
        b'"Lovelace, Ada",1001,ada,A,\n"Kim, Minsu",1002,kim,A,EX\n'
    )
    yield (
        "\ufeffTeilnehmer/in,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Beste Bewertung\r\n"
        'Teilnehmer/in501,Ada Lovelace,ada@example.org,-,"1,5","3,00"\r\nTeilnehmer/in502,Kim,,-,,"3,00"\r\n'
    ).encode()
    yield "id;name;email\nada;Lovelace, Ada;a@example.org\nkim;Minsu Kim;\n".encode("utf-16")
    yield b"id\tfirst name\tlast name\tlms id\nada\tAda\tLovelace\t1001\n"


def _download(content: bytes) -> None:
    """Names of the files in downloads of Canvas and Moodle."""
    coursedir = SimpleNamespace(assignment_id="tiny")
    app = SimpleNamespace(coursedir=coursedir, archive_directory="archive", _format_collect_path=lambda name: name)
    looks = SimpleNamespace(parent=app, _downloaded=lambda name: 0.0)
    for name in content.decode("utf-8", "replace").split("\n"):
        inside = PurePosixPath("download.zip", *[part for part in name.split("/") if part not in ("", ".", "..")])
        for look in (Downloads._of_canvas, Downloads._of_moodle):
            found = look(looks, inside)  # type: ignore[arg-type]
            assert found is None or (found.student and "/" not in found.student + found.name)


def _downloads() -> Iterable[bytes]:
    yield "\n".join(
        ["lovelaceada_1001_555_tiny.ipynb", "kim_LATE_1003_556_tiny-1.ipynb", "anon_a1B2c_561_tiny.ipynb"]
    ).encode()
    yield "Ada Lovelace_501_assignsubmission_file/tiny.ipynb\nGruppe A-김_503_assignsubmission_file_x.ipynb".encode()
    yield b"eve_1008_564_1001_tiny.ipynb\n__MACOSX/._a\nLATE_anon_Zz9Kq_562_tiny.ipynb\na_1_2_b.zip/c/d.ipynb"


def _folder_read(content: bytes) -> None:
    """A folder that was handed in: names and contents, in turn, between bytes of 0."""
    with tempfile.TemporaryDirectory(dir=_folder()) as place:
        folder = Path(place, "kim")
        folder.mkdir()
        words = content.split(b"\0")
        for name, text in zip(words[::2], words[1::2], strict=False):
            parts = [part for part in name.split(b"/") if part not in (b"", b".", b"..")]
            if not parts:
                continue
            path = Path(os.fsdecode(os.path.join(os.fsencode(folder), *parts)))
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
        came = read_submission(folder, "tiny.ipynb")
        bases = [folder, *(path for path in folder.rglob("*") if path.is_dir())]  # where its notebook lies
        for name, data in came.files.items():
            assert ".." not in name.split("/")
            assert not PurePosixPath(name).is_absolute()
            assert any((base / name).is_file() and (base / name).read_bytes() == data for base in bases)
        for sentence in [*came.notices, *came.attention]:
            assert sentence.isprintable(), repr(sentence)


def _folders() -> Iterable[bytes]:
    yield b"tiny.ipynb\0{}\0data.csv\0a,b\0timestamp.txt\x002026-11-03 10:00:00 UTC\0sub/tiny.ipynb\0{}"
    yield b"Tiny.ipynb\0{}\0tiny (1).ipynb\0{}\0tiny.ipynb.txt\0x\0\xff\xfe.txt\0y"


@cache
def _place() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="goodfit-fuzz-")


def _folder() -> Path:
    """A folder of this process's own; a fuzzer's process ends without removing it (see :mod:`fuzz_command`)."""
    return Path(_place().name)


# ---- other JSON

ODD = [
    None, True, 0, -1, 3, 2**31, 2**64, 10**400, 1e308, float("nan"), float("inf"), "", "a", "\ud800", "\x00", "x" * 300,
    "dict", "array", "<f8", "|O", "Dense", "keras.layers", "code", "text/html", "image/png", [], {}, [[]], {"t": "list"},
    {"t": "array", "dtype": "<f8", "shape": [2**40], "b": 0},
]  # fmt: skip


def other_json(value: Any, chance: Random) -> Any:
    """A JSON value that differs from another one in a few places."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        value = _changed(value, chance, chance.randrange(1, 9))
    return value


def _changed(value: Any, chance: Random, deeper: int) -> Any:
    if isinstance(value, dict | list) and value and deeper:
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        inner = _changed(value[key], chance, deeper - 1)
        return {**value, key: inner} if isinstance(value, dict) else [*value[:key], inner, *value[key + 1 :]]
    match chance.randrange(6):
        case 0:
            return {"wrapped": value} if chance.random() < 0.5 else [value, value]
        case 1:
            for _ in range(chance.choice((1, 50, 400))):
                value = [value]
            return value
        case 2 if isinstance(value, dict):
            return {**value, str(chance.choice(ODD))[:40]: chance.choice(ODD)}
        case 3 if isinstance(value, dict) and value:
            gone = chance.choice(list(value))
            return {key: one for key, one in value.items() if key != gone}
        case 4 if isinstance(value, list) and value:
            return value * chance.choice((0, 2, 3)) + value[1:]
        case _:
            return chance.choice(ODD)


TARGETS = {
    "answer": Target(_answer, _answers, 25, _in_message),
    "graph": Target(_graph, _graphs, 12, _in_message),
    "model file": Target(_model_file, _model_files, 12, _in_archive),
    "kernel message": Target(_kernel_message, _kernel_messages, 5),
    "notebook": Target(_notebook, _notebooks, 6, _in_text),
    "outputs": Target(_output, _outputs, 5, _in_text),
    "markdown": Target(_markdown, _texts, 3),
    "terminal": Target(_terminal, _texts, 10),
    "table": Target(_table, _tables, 6),
    "download": Target(_download, _downloads, 12),
    "folder": Target(_folder_read, _folders, 4),
}
