"""The documentation is true: what it shows is run, what it names exists.

In a ``console`` block, a line that begins with ``$ `` is a command; the lines below it are parts of its output (``…``:
anything). Every command is run, in order, by bash in a copy of the course, unless it is on the list NOT_RUN. In
grader-author.md, a python or toml block whose first line is a path is that file.
"""

from __future__ import annotations

import csv
import functools
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.main
from nbgrader.apps import NbGraderApp
from tiny_sets import leave_out_models

from goodfit import check
from goodfit.authoring.answers import bank, reference
from goodfit.authoring.grader_files import collect_checks
from goodfit.cli import app as cli
from goodfit.grading import plugin
from goodfit.grading.model import Model
from goodfit.grading.student import Student
from goodfit.grading.verdict import Outcome
from goodfit.notebooks.assignment import Assignment
from goodfit.sandbox.limits import GIB, MIB, Limits

REPOSITORY = Path(__file__).resolve().parents[2]
SET = "ps2_data_splitting"  # the set that the pages take as their example
TABLES = {"licences.md", "coverage.md", "graders.md"}  # these show no commands, and have tests of their own
PAGES = [REPOSITORY / "README.md", *sorted(p for p in (REPOSITORY / "docs").glob("*.md") if p.name not in TABLES)]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NOT_RUN = {
    "make demo": "minutes; the sample class has tests of its own",
    "make test": "it would run this test",
    "make setup": "minutes, and it downloads; every test stands on it",
    "apt-get install": "changes the machine",
    "python -m pip install": "minutes, and it downloads",
    "jupyter lab": "waits for a person",
    **dict.fromkeys(
        [
            "nbgrader release_assignment",
            "nbgrader list",
            "nbgrader fetch_assignment",
            "nbgrader submit",
            "nbgrader collect",
            "nbgrader release_feedback",
            "nbgrader fetch_feedback",
        ],
        "needs an exchange and a second user: test_exchange.py does what the page says",
    ),
}


@dataclass(frozen=True)
class Step:
    """A command with the parts of its output that the page shows, or a file to write."""

    text: str
    output: tuple[str, ...] = ()
    path: str | None = None


def steps(page: Path) -> list[Step]:
    """Commands and files of a page, in its order."""
    found: list[Step] = []
    for language, body in BLOCK.findall(page.read_text()):
        if language == "console":
            assert body.startswith("$ "), f"{page.name}: a console block begins with a command:\n{body}"
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, *output = part.splitlines()
                found.append(Step(command, tuple(line for line in output if line.strip())))
        elif language in ("python", "toml") and (path := re.match(r"# (\S+/\S+\.\w+)\n", body)):
            found.append(Step(body, path=path[1]))
    return found


def is_run(command: str) -> bool:
    return not command.startswith(tuple(NOT_RUN))


@dataclass
class Copy:
    """A copy of the course with a small set in the place of the pages' example, so that grading takes seconds."""

    root: Path

    def run(self, command: str, folder: str = ".") -> str:
        """Run a shell command that must succeed; return all that it printed."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NBGRADER", "JUPYTER_"))}
        path = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
        modules = os.pathsep.join(
            [str(self.root), *filter(None, [os.environ.get("PYTHONPATH")])]
        )  # the Goodfit under test
        environment = {**ours, "PATH": path, "PYTHONPATH": modules, "HOME": str(self.root.parent)}
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.root / folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"$ {command}\n{done.stdout[-6000:]}"
        return done.stdout

    def follow(self, page: str, folder: str = ".") -> None:
        """Do what a page says, in its order."""
        for step in steps(REPOSITORY / page):
            if step.path is not None:
                (self.root / step.path).write_text(step.text)
            elif is_run(step.text):
                said = self.run(step.text, folder)
                for line in step.output:
                    pattern = r"\s+".join(re.escape(word).replace("…", ".*") for word in line.split())
                    assert re.search(pattern, said), f"$ {step.text}\n{said[-6000:]}\nThe page shows: {line}"

    def assignment(self, name: str = SET) -> Assignment:
        return Assignment.find(name, self.root / "source", self.root / "graders")

    def hand_in(self, pattern: str, students: str = "ada bo cy") -> None:
        """Write the notebooks of ada (all right), bo (a mistake) and cy (untouched), named by the pattern."""
        assignment = self.assignment()
        wrong = next(a for a in bank(assignment) if a.kind == "wrong")
        untouched = (self.root / "release" / SET / f"{SET}.ipynb").read_bytes()
        everyone = {"ada": reference().notebook(assignment), "bo": wrong.notebook(assignment), "cy": untouched}
        for student in students.split():
            path = self.root / pattern.format(student=student)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(everyone[student])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the engine's tiny set under the example's name, released."""
    root = tmp_path_factory.mktemp("original") / "course"
    ignored = shutil.ignore_patterns("__pycache__", "ps[0-9]*")
    shutil.copytree(REPOSITORY / "graders", root / "graders", ignore=ignored)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, root)
    tiny = REPOSITORY / "tests" / "course"
    shutil.copytree(tiny / "source" / "tiny", root / "source" / SET)
    (root / "source" / SET / "tiny.ipynb").rename(root / "source" / SET / f"{SET}.ipynb")
    shutil.copytree(tiny / "graders" / "tiny", root / "graders" / SET, ignore=ignored)
    leave_out_models(root / "source" / SET / f"{SET}.ipynb", root / "graders" / SET)
    for path in (root / "graders" / SET).rglob("*.py"):  # ta.md looks at one check of the real set
        path.write_text(path.read_text().replace("takes_the_mean", "keeps_class_shares"))
    Copy(root).run(f"nbgrader generate_assignment {SET}")
    return root


@pytest.fixture
def copy(original: Path, tmp_path: Path, shared_server: None) -> Copy:
    return Copy(Path(shutil.copytree(original, tmp_path / "course")))


def test_readme(copy: Copy) -> None:
    copy.follow("README.md")


def test_start(copy: Copy) -> None:
    copy.follow("docs/start.md")
    scores = copy.run("nbgrader export --to=/dev/stdout", folder="build/first_course")
    lines = list(csv.DictReader(scores[scores.index("assignment,") :].splitlines()))
    assert {line["student_id"]: line["score"] for line in lines} == {"ada": "0.0", "bo": lines[0]["max_score"]}


def test_student(copy: Copy) -> None:
    copy.follow("docs/student.md", folder=f"release/{SET}")


def test_instructor(copy: Copy) -> None:
    copy.hand_in(f"submitted/{{student}}/{SET}/{SET}.ipynb", "ada")
    copy.follow("docs/instructor.md")
    scores = copy.run("nbgrader export --to=/dev/stdout")
    assert f"{SET},2026-03-02 12:00:00,,ada" in scores


def test_ta(copy: Copy) -> None:
    copy.hand_in(f"downloaded/{SET}/archive/{{student}}_20260302T114005_{SET}.ipynb")
    people = {"ada": "1001", "bo": "1002", "cy": "1003"}
    canvas = [f'"{name}, X",{number},{name},One,' for name, number in people.items()]
    head = f"Student,ID,SIS Login ID,Section,{SET} (52)\n    Points Possible,,,,7.00\n"
    (copy.root / "canvas.csv").write_text(head + "\n".join(canvas))
    moodle = [f"Teilnehmer/in {number},{name},{name}@x.org,,7.00,-" for name, number in people.items()]
    head = "ID,Name,E-Mail,Bewertung,Bestwertung,Zuletzt geändert (Bewertung)\n"
    (copy.root / "worksheet.csv").write_text(head + "\n".join(moodle))
    copy.follow("docs/ta.md")
    lines = {line.split(",")[3]: line.split(",") for line in (copy.root / "grades.csv").read_text().splitlines()}
    assert {name: float(lines[name][7]) for name in ("ada", "bo", "cy")} == {"ada": 5, "bo": 3, "cy": 0}
    assert lines["ada"][2] == "2026-03-02 11:40:05"
    page = (copy.root / "feedback" / "bo" / SET / f"{SET}.html").read_text()
    assert "The mean of any number of values is right." in page


def test_operator(copy: Copy) -> None:
    copy.hand_in(f"submitted/{{student}}/{SET}/{SET}.ipynb", "ada")
    copy.follow("docs/operator.md")


@pytest.mark.all
@pytest.mark.timeout(900)
def test_a_new_set_from_an_empty_folder(copy: Copy) -> None:
    """grader-author.md's example is released, calibrated, and every answer gets what it must."""
    name = "hello_models"
    copy.follow("docs/grader-author.md")
    made = copy.assignment(name)
    assert {cell: graded.answers for cell, graded in made.graded_cells.items()} == {
        "majority": ("majority-answer",), "ring": ("ring-answer",),
    }  # fmt: skip
    assert made.thresholds["accuracy"].right_runs == 4
    assert made.thresholds["accuracy"].wrong_nearest == "no_hidden_layer"
    assert frozenset(collect_checks(made)) == frozenset().union(*(a.fails for a in bank(made)))
    assert "commonest = classes" not in (copy.root / "release" / name / f"{name}.ipynb").read_text()


# --- what the pages name exists ---------------------------------------------------------------------------------


def test_what_is_not_run_exists() -> None:
    makefile, ci = (REPOSITORY / "Makefile").read_text(), (REPOSITORY / ".ci" / "run").read_text()
    with open(REPOSITORY / "pyproject.toml", "rb") as file:
        needed = {re.split(r"[^\w-]", d)[0] for d in tomllib.load(file)["project"]["dependencies"]}
    commands = [s.text for page in PAGES for s in steps(page) if s.path is None and not is_run(s.text)]
    assert {start for start in NOT_RUN if any(c.startswith(start) for c in commands)} == set(NOT_RUN), "a stale entry"
    for command in commands:
        program, *words = command.split()
        if program == "make":
            assert re.search(rf"^{words[0]}:", makefile, re.MULTILINE), command
        elif program == "apt-get":
            assert set(words[1:]) <= set(re.search(r"^packages=\((.*)\)", ci, re.MULTILINE)[1].split()), command
        elif words[-2:] == ["-r", "requirements.txt"]:
            assert (REPOSITORY / "release" / SET / "requirements.txt").is_file(), command
        elif "pip" in words:
            assert {re.split('[="]', w.strip('"'))[0] for w in words[3:]} <= needed, command
        elif program == "nbgrader":
            assert words[0] in NbGraderApp.subcommands, command
        else:
            assert shutil.which("jupyter-lab", path=Path(sys.executable).parent), command


def test_make_test_is_the_test_command_of_the_readme() -> None:
    assert [s.text for s in steps(REPOSITORY / "README.md")][:2] == ["make demo", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_and_files(page: Path) -> None:
    text = page.read_text()
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        assert link.startswith("https://") or (page.parent / link).is_file(), link
    for path in re.findall(rf"(?:graders|source|docs)/(?:{SET}/)?[\w.-]+\.(?:md|ipynb|py)\b", text):
        stands = (REPOSITORY / path).exists() or "hello" in path or "test_*" in path
        assert stands or not re.search(rf"/{SET}/|docs/", path), path


def test_contributing_names_what_exists() -> None:
    """Its ways through the code lead somewhere: files, tests, commands, and names in the modules before them."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text()
    for path in re.findall(r"`((?:goodfit|docs|tests|\.ci)/[\w./-]+)`", text):
        assert (REPOSITORY / path).exists(), path
    for path in re.findall(r"`(test_\w+\.py)`", text):
        assert list((REPOSITORY / "tests").rglob(path)), path
    for names, path in re.findall(r"((?:`\w+`(?: and )?)+)[\w' ,]* in\s+`(goodfit/\S+\.py)`", text):
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b{name}\b", (REPOSITORY / path).read_text()), (name, path)
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    assert set(re.findall(r"`goodfit ([a-z]+)", text)) <= set(commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_and_options(page: Path) -> None:
    """Every `goodfit …` in a block or in a sentence is a command, with options that it has."""
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for command, rest in re.findall(r"(?<!from )goodfit ([a-z]+(?:-[a-z]+)*)([^`\n;…]*)", "\n".join(_code(page))):
        assert command in commands, f"goodfit {command}"
        parameters = commands[command].params
        if further := getattr(commands[command], "commands", None):
            word = rest.split()[0]
            assert word in further, f"goodfit {command} {word}"
            parameters = further[word].params
        known = {option for parameter in parameters for option in [*parameter.opts, "--help"]}
        assert set(re.findall(r"(?<!\S)--?[a-z][\w-]*", rest)) <= known, f"goodfit {command}{rest}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_place_of_one_machine(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"/(work|root|tmp/|home/\w)|pypi|pythonhosted", text.replace("/tmp and", ""))
    long = [
        line for _, body in BLOCK.findall(text) for line in body.splitlines() if len(line) > 120 and "$ " not in line
    ]
    assert not long


def test_the_check_that_ta_looks_at_exists() -> None:
    real = Assignment.find(SET, REPOSITORY / "source", REPOSITORY / "graders")
    words = re.findall(r" -k (\w+)", (REPOSITORY / "docs" / "ta.md").read_text())
    assert words
    assert all(any(word in name for name in collect_checks(real)) for word in words)


def test_outcomes() -> None:
    for page, signs in (("ta.md", ""), ("student.md", r"\S ")):
        text = (REPOSITORY / "docs" / page).read_text()
        assert re.findall(rf"^\| {signs}([a-z ]+?) \|", text, re.MULTILINE)[-5:] == [o.value for o in Outcome]


def test_limits() -> None:
    text = (REPOSITORY / "docs" / "operator.md").read_text()
    units = {"": 1, " MiB": MIB, " GiB": GIB}
    table = re.findall(r"^\| `(\w+)` \| (\d+)( [MG]iB|) \|", text, re.MULTILINE)
    assert {name: int(n) * units[unit] for name, n, unit in table} == Limits().model_dump()
    changed = eval(re.search(r"^c\.Goodfit\.limits = (.*)$", text, re.MULTILINE)[1])
    assert Limits(**changed) != Limits()


def test_limits_that_students_are_told() -> None:
    text, limits = " ".join((REPOSITORY / "docs" / "student.md").read_text().split()), Limits()
    for told in (
        f"{limits.cell_seconds:.0f} seconds for a cell", f"{limits.check_seconds:.0f} seconds for the calls",
        f"{limits.notebook_seconds / 60:.0f} minutes for", f"{limits.memory_bytes // GIB} GiB of memory",
        f"{limits.disk_bytes // MIB} MiB of files", f"{limits.output_bytes // MIB} MiB of output",
    ):  # fmt: skip
        assert told in text


def test_exit_codes() -> None:
    text = (REPOSITORY / "docs" / "operator.md").read_text()
    codes = [int(code) for code in re.findall(r"^\| (\d) \|", text, re.MULTILINE)]
    assert codes == [cli.DONE, cli.SOME_TROUBLE, cli.WRONG_USE, cli.NO_SANDBOX]


def test_public_face() -> None:
    """The tables of grader-author.md name functions, parameters and fixtures that exist, and all of them."""
    text = (REPOSITORY / "docs" / "grader-author.md").read_text()
    shown = dict(re.findall(r"^\| `check\.(\w+)\(([^()]*)\)` \|", text, re.MULTILINE))
    for name, parameters in shown.items():
        assert parameters.split(", ") == list(inspect.signature(getattr(check, name)).parameters), name
    public = {name for name, f in vars(check).items() if inspect.isfunction(f) and not name.startswith("_")}
    assert set(shown) == public - {"grades", "kind_of", "dataclass"}
    methods = set(re.findall(r"^\| `student\.(\w+)\(", text, re.MULTILINE))
    assert methods == {n for n in vars(Student) if not n.startswith("_")} - {
        "begin",
        "why_missed",
        "lend",
    }  # the plugin's, and an old name
    fixtures = set(re.findall(r"^\| `(student|hidden|given|thresholds)\b(?!\.)", text, re.MULTILINE))
    assert all(hasattr(plugin.GradingPlugin, name) for name in fixtures)
    assert len(fixtures) == 4
    for name in ("predict", "accuracy", "gap", "loss"):
        assert f"`{name}(" in text
        assert hasattr(Model, name)


@functools.cache
def _code(page: Path) -> list[str]:
    """All code of a page: blocks and inline."""
    text = page.read_text()
    return [body for _, body in BLOCK.findall(text)] + re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))


def _all_steps() -> Iterator[Step]:
    for page in PAGES:
        yield from steps(page)


def test_there_is_something_to_run() -> None:
    """The parser has not gone blind: the pages hold dozens of commands, and nearly all are run."""
    commands = [step.text for step in _all_steps() if step.path is None]
    assert len(commands) >= 30
    assert sum(map(is_run, commands)) >= 24
