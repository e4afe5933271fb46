"""The first cell of a notebook: what is missing where it is opened; and the services that open it from a repository.

A student's copy may lie alone, on a Python without its packages, or in Colab. The cell says so in one sentence before
the first import fails. Where the course's repository is known, a release has links to open it in Colab and on Binder,
and in Colab the cell gets the files that lie beside the notebook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from nbformat import NotebookNode

from goodfit.notebooks.source import AssignmentError

ENVIRONMENT, TITLE = "environment", "title"  # grade_ids
ENVIRONMENT_CELL = """\
# Run this cell first. It says what is missing here, if anything is; in Colab it gets the files of this set.
def _environment(repository="", branch="", folder=""):
    import os, re, subprocess, sys
    from importlib.metadata import PackageNotFoundError, version

    def installed(package):
        for name in (package, package + "-cpu", package + "-macos", package + "-intel"):  # TensorFlow has several names
            try:
                return version(name)
            except PackageNotFoundError:
                pass

    if repository and "google.colab" in sys.modules and not os.path.exists("requirements.txt"):
        if not os.path.isdir("course"):
            clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", branch, repository, "course"]
            subprocess.run(clone, check=True)
        os.chdir(f"course/{folder}")
    if not os.path.exists("requirements.txt"):
        return "This notebook lies alone. Put it beside the requirements.txt and data that it came with, and restart."
    python = sys.version.split()[0]
    if not (3, 11) <= sys.version_info < (3, 14):
        return f"This is Python {python}, and you need 3.11, 3.12 or 3.13, with what requirements.txt names."
    with open("requirements.txt", encoding="utf-8") as file:
        wanted = dict(re.findall(r"(?m)^([\\w.-]+)==([\\d.]+)\\.\\*$", file.read()))
    wanted.pop("jupyterlab", None)  # you work in something like it already
    here = {package: installed(package) for package in wanted}
    lacking = [package for package in wanted if here[package] is None]
    right = [package for package in wanted if f"{here[package]}.".startswith(f"{wanted[package]}.")]
    other = [f"{one} {here[one]}, not {wanted[one]}" for one in wanted if one not in right and one not in lacking]
    install = "python -m pip install -r requirements.txt in a terminal, in this folder; then restart the kernel."
    if lacking:
        return f"Not installed here: {', '.join(lacking)}. Run {install}"
    if other:
        return f"Other versions than you are graded with: {'; '.join(other)}. Results can differ: run {install}"
    return f"Nothing is missing: Python {python}, {', '.join(f'{package} {here[package]}' for package in wanted)}."


print(_environment())"""
CALL = "print(_environment())"
REPOSITORY = re.compile(r"([\w.-]{1,39}/[\w.-]{1,100})(?:@([\w./-]{1,100}))?")
FORM = 'c.Goodfit.repository is {!r}: write "owner/name" or "owner/name@branch", as on GitHub; the branch is main else.'


@dataclass(frozen=True)
class Repository:
    """Where the course lies on GitHub, with the releases in ``release/``.

    Attributes:
        name: ``owner/name``.
        branch: with the releases.
    """

    name: str
    branch: str = "main"

    @classmethod
    def read(cls, text: str) -> Repository | None:
        """From the setting; None where it is empty.

        Raises:
            AssignmentError: when it is no name of a repository.
        """
        if not text:
            return None
        found = REPOSITORY.fullmatch(text)
        if not found or ".." in text:
            raise AssignmentError(FORM.format(text))
        return cls(found[1], found[2] or "main")

    def badges(self, folder: str, notebook: str) -> str:
        """Markdown: pictures with links that open a notebook in Colab and on Binder."""
        path = quote(f"{folder}/{notebook}")
        branch = quote(self.branch, safe="")
        colab = f"https://colab.research.google.com/github/{self.name}/blob/{quote(self.branch)}/{path}"
        binder = f"https://mybinder.org/v2/gh/{self.name}/{branch}?urlpath=lab/tree/{path}"
        return (
            f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab})\n"
            f"[![Open on Binder](https://mybinder.org/badge_logo.svg)]({binder})\n\n"
        )

    def call(self, folder: str) -> str:
        """The last line of the environment cell, told where the files of a set are."""
        return f'print(_environment("https://github.com/{self.name}", "{self.branch}", "{folder}"))'


def name_repository(notebook: NotebookNode, repository: Repository, folder: str, name: str) -> None:
    """Write into a release where it can be opened: links above its title, and the course for its environment cell.

    Args:
        notebook: the release to be; cells that it has not are left out.
        repository: the course's.
        folder: of the release in the repository, ``release/<set>``.
        name: of the notebook's file.
    """
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {}).get("grade_id")
        if known == TITLE:
            cell.source = repository.badges(folder, name) + cell.source
        elif known == ENVIRONMENT:
            cell.source = cell.source.replace(CALL, repository.call(folder))
