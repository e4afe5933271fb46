"""Whose a file in a download of Canvas or Moodle is: for `nbgrader zip_collect`.

Canvas: ``NAME_USER_FILE_original.ipynb``, ``NAME_LATE_USER_FILE_…`` and, where grading is anonymous,
``anon_KEY_FILE_…`` or ``LATE_anon_KEY_FILE_…``. Students choose their names and file names, so a file that can be read
in two ways is left aside. Moodle: ``Full name_PARTICIPANT_assignsubmission_file/original.ipynb``, with a ``_`` more
before 4.1, or with the file's name behind it where nothing is put into folders; a group's name may come first.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbgrader.plugins import FileNameCollectorPlugin

from goodfit.course.nbgrader_plugins import Goodfit

CANVAS = re.compile(
    r"(?P<late>LATE_)?anon_(?P<anonymous>[^\W_]+)_(?P<upload>\d+)_(?P<name>.+)"
    r"|\w+?(?P<marked>_LATE)?_(?P<user>\d+)_(?P<number>\d+)_(?P<rest>.+)"
)
THREE_NUMBERS = re.compile(r"_\d+_\d+_\d+_")
AGAIN = re.compile(r"-\d{1,2}$")  # what Canvas adds when a file of the same name is handed in again
MOODLE = re.compile(r"[^_]*_(?P<user>\d+)_assignsubmission_file(_(?P<rest>.+)|_?)")


@dataclass(frozen=True)
class Found:
    """Whose a file is.

    Attributes:
        student: the platform's id.
        name: what the student called the file.
        late: whether the platform marks it.
        order: the greater one of two is the newer one.
    """

    student: str
    name: str
    late: bool = False
    order: tuple[float, ...] = ()


class Downloads(FileNameCollectorPlugin):
    """nbgrader's collector, which also knows the downloads of Canvas and Moodle (``c.Goodfit.downloads_from``).

    Of the same file of one student, in several downloads, the newest is taken.
    """

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Whose the file is, for nbgrader; None for a file that is left aside."""
        platform = Goodfit(parent=self).downloads_from
        if self.named_regexp or not platform:
            return super().collect(submitted_file)
        if not hasattr(self, "_newest"):
            self._newest = self._look(platform, self.parent._format_collect_path(self.parent.extracted_directory))
        found = self._newest.get(submitted_file)
        return None if found is None else {"student_id": found.student, "file_id": found.name}

    def _look(self, platform: str, root: str) -> dict[str, Found]:
        """The files that count, by path, after a word on the others and on those that are late."""
        best: dict[tuple[str, str], tuple[str, Found]] = {}
        for path in sorted(os.path.join(folder, file) for folder, _, files in os.walk(root) for file in files):
            inside = PurePosixPath(os.path.relpath(path, root))
            if inside.suffix not in self.valid_ext or "__MACOSX" in inside.parts:
                continue
            found = self._of_canvas(inside) if platform == "canvas" else self._of_moodle(inside)
            if found is None:
                self.log.warning("Left aside, because it is not clear whose it is: %s", inside)
                continue
            before = best.get((found.student, found.name))
            if before is None or before[1].order <= found.order:
                best[found.student, found.name] = path, found
            if before is not None:
                self.log.warning("%s has %s in several downloads: the newest is taken", found.student, found.name)
        late = sorted({found.student for _, found in best.values() if found.late})
        if late:
            self.log.warning(
                "Marked as late by Canvas, which does not say when they were handed in: %s. Write the time into their "
                "timestamp.txt where it counts.",
                ", ".join(late),
            )
        return dict(best.values())

    def _of_canvas(self, inside: PurePosixPath) -> Found | None:
        parts = inside.parts[1:] or inside.parts  # the first is the download's own name
        assignment = self.parent.coursedir.assignment_id
        match = CANVAS.fullmatch(parts[0])
        if match is None or THREE_NUMBERS.search(parts[0]):
            return None
        name = (match["rest"] or match["name"]) if len(parts) == 1 else parts[-1]  # else from a zip of the student's
        stem = PurePosixPath(name).stem
        again = AGAIN.sub("", stem)
        return Found(
            match["user"] or match["anonymous"],
            f"{again if again == assignment else stem}.ipynb",
            bool(match["late"] or match["marked"]),
            (float(match["number"] or match["upload"]), -len(parts)),
        )

    def _of_moodle(self, inside: PurePosixPath) -> Found | None:
        for i, part in enumerate(inside.parts):
            if match := MOODLE.fullmatch(part):
                deeper = inside.parts[i + 1 :]
                name = deeper[-1] if deeper else match["rest"]
                return (
                    Found(match["user"], name, order=(self._downloaded(inside.parts[0]), -len(deeper)))
                    if name
                    else None
                )
        return None

    def _downloaded(self, name: str) -> float:
        """When a zip was downloaded."""
        archive = Path(self.parent._format_collect_path(self.parent.archive_directory), f"{name}.zip")
        return archive.stat().st_mtime if archive.is_file() else 0.0
