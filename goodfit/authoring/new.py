"""A course folder, or a problem set, to begin with: small, and working as it is."""

from __future__ import annotations

import glob
import json
import keyword
import re
from pathlib import Path

import jinja2

from goodfit import __version__
from goodfit.course.course import Course
from goodfit.course.folder import CourseError
from goodfit.grading.plugin import is_of_a_library
from goodfit.notebooks.assignment import GRADED_CELL, AssignmentError
from goodfit.notebooks.environment import ENVIRONMENT_CELL

TEMPLATES = Path(__file__).parent / "templates"  # their paths are those of the files made of them
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


def new_course(folder: Path) -> list[Path]:
    """Make a course folder, wired to Goodfit; returns the files that were written.

    Args:
        folder: does not exist yet, or is empty.

    Raises:
        CourseError: when it holds something, or nbgrader could not work in it. Nothing was changed.
    """
    folder = folder.absolute()
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise CourseError(f"{folder} is there already, and is not an empty folder. Name another; nothing was changed.")
    if glob.escape(str(folder)) != str(folder) or "%" in str(folder):
        raise CourseError(f"nbgrader cannot work below a folder with one of [ * ? % in its name: {folder}.")
    (folder / "source").mkdir(parents=True)
    return _write({TEMPLATES / "course": folder}, name=folder.name)


def new_set(course: Course, name: str) -> list[Path]:
    """Make a problem set of one exercise in a course; returns the files that were written.

    Args:
        course: where it belongs.
        name: of the set; also of its notebook, and of the package that its checks import helpers from.

    Raises:
        AssignmentError: when there is one already, or the name is none for a set. Nothing was changed.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise AssignmentError(
            f"{name!r} is no name for a set: it is a folder and a Python package. Take up to 60 letters without "
            "accents, digits and _, a letter first, as in linear_models."
        )
    source = course.root / str(course.directories.source_directory)
    graders = course.goodfit.graders_root(course.directories)
    for folder in (source / name, graders / name):
        if folder.exists():
            raise AssignmentError(f"{folder} is there already. Take another name; nothing was changed.")
    if is_of_a_library(name):  # a set's folder is looked for behind all libraries
        raise AssignmentError(
            f"Python has a module {name} already, so checks could not import from a set of that name."
        )
    return _write({TEMPLATES / "set" / "source": source, TEMPLATES / "set" / "graders": graders}, name=name)


def _write(places: dict[Path, Path], name: str) -> list[Path]:
    """Write what templates say, each folder of them to its place; never over a file that exists."""
    # autoescape is for HTML; these are Python, Markdown and JSON, with names that were looked at
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.filters["json"] = json.dumps
    written = []
    for templates, place in places.items():
        for template in sorted(templates.rglob("*.j2")):
            relative = str(template.relative_to(templates).with_suffix("")).replace("NAME", name)
            path = place / ("." + relative if relative == "gitignore" else relative)
            made = environment.from_string(template.read_text(encoding="utf-8"))
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "x", encoding="utf-8") as file:
                cells = {"graded_cell": GRADED_CELL, "environment_cell": ENVIRONMENT_CELL}
                file.write(made.render(name=name, version=__version__, **cells))
            written.append(path)
    return written
