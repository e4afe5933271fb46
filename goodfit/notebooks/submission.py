"""Reading a submitted folder from disk as hostile data: regular files only, bounded, no link followed.

Names are taken as they come from operating systems, browsers and learning platforms: composed or decomposed letters,
blanks at the ends, capitals, copies, a file ending too many, a folder too many.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from goodfit.notebooks.lateness import moment
from goodfit.notebooks.notebook_file import MAX_FILE as MAX_NOTEBOOK
from goodfit.notebooks.notebook_file import UnreadableNotebook, read_notebook, without_outputs
from goodfit.notebooks.remarks import remarks

MAX_IN_MEMORY = 8 * 2**20  # bytes of a notebook that are kept with its outputs: a class is read before it is graded
MAX_FILES = 200
MAX_FILE = 16 * 2**20  # bytes of one other file
MAX_ALL = 64 * 2**20  # bytes of all other files
MAX_DEPTH = 2  # folders below the submission's in which a notebook is looked for
IGNORED_FOLDERS = ("__pycache__", ".ipynb_checkpoints", ".git", "__MACOSX", "@eaDir")
SYSTEM_FOLDERS = (*IGNORED_FOLDERS, "lost+found", "$RECYCLE.BIN", "System Volume Information")  # never a student's
SYSTEM_FILES = (".ds_store", "thumbs.db", "desktop.ini", ".localized")
ENDING = re.compile(r"(\.ipynb(\.(ipynb|json|txt))*|\.json)$", re.IGNORECASE)  # browsers add .txt and .json
COPY_OF = re.compile(r"^(copy|kopie|copie|copia) (of|von|de) |^사본 - ", re.IGNORECASE)
COPY = re.compile(r"( ?\(\d+\)|[-_ ]+\d{1,2}|[-_ ]+(copy|kopie|copie|copia|checkpoint|복사본|사본)\d*)$", re.IGNORECASE)


@dataclass
class Submission:
    """What a student handed in, as bytes.

    Attributes:
        notebook: the notebook's bytes; empty where there is none.
        files: the other files by relative name.
        notices: what was left out or taken for something else, one sentence each.
        attention: why somebody should look at what is in the folder, one sentence each.
        timestamp: content of nbgrader's ``timestamp.txt``, or None.
    """

    notebook: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    attention: list[str] = field(default_factory=list)
    timestamp: bytes | None = None


def read_submission(folder: Path, name: str) -> Submission:
    """Read a submitted folder.

    Args:
        folder: ``submitted/<student>/<assignment>``.
        name: the notebook's file name; where there is none of that name, one that can only be meant is taken for it.
    """
    found = Submission()
    chosen = _choose(folder, name, found)
    if chosen is not None:
        found.notebook = _notebook(chosen)
        if not found.notebook:
            found.attention.append(f"The file {_shown(chosen.name)} is empty, so there is no notebook.")
    found.timestamp = _read(folder / "timestamp.txt", 1000)
    if found.timestamp is not None and not _is_time(found.timestamp):
        found.timestamp = None
        found.notices.append(
            "timestamp.txt holds no time, or one in an unknown time zone, so it is not known when this was handed in."
        )
    _read_others(chosen.parent if chosen is not None else folder, name, chosen, found)
    return found


def read_one(notebook: Path) -> Submission:
    """Read a single notebook, of whatever name, with the files of its folder left aside."""
    return Submission(_notebook(notebook))


def plain_name(name: str) -> str:
    """A name without what operating systems make of it: decomposed letters, and blanks at the ends."""
    return unicodedata.normalize("NFC", name).strip() or name


def same_name(a: str, b: str) -> bool:
    """Whether two names differ in nothing but capitals, blanks at the ends and how their letters are composed."""
    return plain_name(a).casefold() == plain_name(b).casefold()


def is_students(folder: Path) -> bool:
    """Whether a folder in ``submitted/`` is a student's: not a link, and not what a system leaves there."""
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and not folder.name.startswith(".")
        and folder.name not in SYSTEM_FOLDERS
    )


def assignment_of(notebook: str, assignments: Iterable[str]) -> str | None:
    """The assignment whose notebook, or a copy of it, has that file name; None where it is not clear."""
    found = [name for name in assignments if _is_copy(notebook, f"{name}.ipynb")]
    exact = [name for name in found if same_name(_stem(notebook), name)]
    return (exact or found)[0] if len(exact or found) == 1 else None


def _choose(folder: Path, name: str, found: Submission) -> Path | None:
    """The file that is the notebook; what is to be said of it, and why there is none, goes to ``found``."""
    below = list(_files_below(folder, MAX_DEPTH))
    here = [path for path in below if path.parent == folder]
    exact = [path for path in here if path.name == name]
    alike = [path for path in here if same_name(path.name, name)]
    copies = [path for path in here if _is_copy(path.name, name)]
    notebooks = [path for path in here if path.suffix.lower() == ".ipynb"]
    deeper = [path for path in below if path.parent != folder]
    named = [path for path in deeper if same_name(path.name, name)]
    others = [path for path in deeper if path.suffix.lower() == ".ipynb"]
    for fitting in (exact, alike, copies, notebooks, named, others):
        if len(fitting) == 1:
            (chosen,) = fitting
            if fitting is exact or fitting is alike or fitting is copies:
                _tell_of_other_copies(folder, chosen, [*copies, *named], found)
            if fitting is not exact:
                shown = _shown(str(chosen.relative_to(folder)))
                found.notices.append(f"The notebook was named {shown}; it was taken for {name}.")
            return chosen
        if fitting:
            shown = _list(folder, fitting)
            found.attention.append(
                f"There is no notebook {name}, and it is not clear which of these is meant: {shown}."
            )
            return None
    if (folder / name).is_symlink() or (folder / name).exists():
        found.attention.append(f"There is no notebook in the submission: {name} is no file, or it is a link.")
    elif below:
        cure = " Unpack the archive." if any(p.suffix.lower() in (".zip", ".7z", ".rar", ".gz") for p in below) else ""
        found.attention.append(f"There is no notebook {name} in the submission, only {_list(folder, below)}.{cure}")
    else:
        found.attention.append(f"There is no notebook {name} in the submission: there is no file in it.")
    return None


def _tell_of_other_copies(folder: Path, chosen: Path, others: list[Path], found: Submission) -> None:
    """Ask for a look where another file of the notebook's name has another content: it may be the newer one."""
    text = _text(chosen)
    differing = [p for p in others if p != chosen and "-checkpoint" not in p.name and _text(p) != text]
    if differing:
        found.attention.append(
            f"{_shown(chosen.name)} was graded. Beside it lies {_list(folder, differing)} with another text, "
            "which may be newer."
        )


def _text(path: Path) -> object:
    """What is written in the cells of a notebook, to be compared; the file's bytes where it is none."""
    content = _read(path, MAX_NOTEBOOK) or b""
    try:
        return [(cell.kind, cell.source) for cell in read_notebook(content).cells]
    except UnreadableNotebook:
        return content


def _files_below(folder: Path, depth: int) -> Iterable[Path]:
    """The regular files in a folder and so many levels below it, sorted, without what a system leaves there."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_file(follow_symlinks=False) and not _left_by_a_system(entry.name) and entry.name != "timestamp.txt":
            yield Path(entry.path)
    for entry in entries:
        hidden = entry.name.startswith(".") or entry.name in SYSTEM_FOLDERS
        if depth and not hidden and entry.is_dir(follow_symlinks=False):
            yield from _files_below(Path(entry.path), depth - 1)


def _read_others(folder: Path, name: str, notebook: Path | None, found: Submission) -> None:
    """The files beside the notebook."""
    lost: list[str] = []
    settings: list[str] = []
    total = 0
    for parent, folders, names in os.walk(folder, followlinks=False):
        for name_of_ours in {name, "timestamp.txt"}.intersection(folders if Path(parent) == folder else ()):
            folders.remove(name_of_ours)
        # folders of settings (.ipython, .keras, .local) would change the kernel before its first cell
        settings += sorted(d for d in folders if _holds_settings(d))
        folders[:] = sorted(d for d in folders if d not in IGNORED_FOLDERS and not _holds_settings(d))
        for file in sorted(names):
            path = Path(parent, file)
            if path.suffix.lower() == ".ipynb" or path == notebook or _left_by_a_system(file):
                continue
            if path == folder / "timestamp.txt":
                continue
            left = min(MAX_FILE, MAX_ALL - total)
            data = _read(path, left) if len(found.files) < MAX_FILES else None
            relative = str(path.relative_to(folder))
            if data is None or len(data) > left or relative != _clean(relative):
                lost.append(_shown(file))
            else:
                found.files[relative] = data
                total += len(data)
    found.notices += remarks(
        [_shown(d) for d in settings], "The folder {} was left out.", "Folders that were left out: {}."
    )
    found.notices += remarks(
        lost,
        "The file {} was left out: it is a link, too large, or one too many, or its name is not text.",
        "Files that were left out, as they are links, too large, or too many, or have names that are not text: {}.",
    )


def _notebook(path: Path) -> bytes:
    content = _read(path, MAX_NOTEBOOK) or b""
    return without_outputs(content) if MAX_IN_MEMORY < len(content) <= MAX_NOTEBOOK else content


def _read(path: Path, limit: int) -> bytes | None:
    """At most ``limit + 1`` bytes of a regular file that is reached without a link at its end; None otherwise."""
    try:
        # O_NONBLOCK: opening a named pipe must not wait for a writer
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(limit + 1)


def _is_copy(file: str, name: str) -> bool:
    """Whether a file's name is the notebook's own, or a copy's of it: ``x (1).ipynb``, ``Copy of x.ipynb.txt``, …"""
    if not ENDING.search(plain_name(file)):
        return False
    stem = _stem(file)
    while not same_name(stem, _stem(name)):
        shorter = COPY.sub("", COPY_OF.sub("", stem)).strip()
        if shorter == stem:
            return False
        stem = shorter
    return True


def _stem(file: str) -> str:
    return ENDING.sub("", plain_name(file))


def _left_by_a_system(file: str) -> bool:
    return file.startswith("._") or file.lower() in SYSTEM_FILES


def _holds_settings(folder: str) -> bool:
    return folder.startswith(".") and folder not in IGNORED_FOLDERS


def _is_time(content: bytes) -> bool:
    """Whether it can be known which moment this is."""
    return moment(content) is not None


def _list(folder: Path, files: list[Path]) -> str:
    names = [_shown(str(path.relative_to(folder))) for path in files]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _clean(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _shown(name: str) -> str:
    return repr(_clean(name)[:80])
