"""The command as a whole: its groups and summaries, --version, --verbose, choices, and JSON for programs."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from goodfit import __version__
from goodfit.cli import app as cli
from goodfit.course.course import Course
from goodfit.grading import kernels
from goodfit.grading.pool import Graders
from goodfit.sandbox.launch import Tier

COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


def run(*words: str, code: int = 0, **more: Any) -> str:
    """Run the command in this process; what it printed for programs and people, without stderr."""
    done = CliRunner().invoke(cli.app, [*words], catch_exceptions=False, **more)
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture
def warm_bank(graders: Graders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `check` and `bank` grade with the tests' fork server, as `grade` does in `graded`."""

    @contextlib.contextmanager
    def serving(tier: str, imports: Any = None) -> Iterator[tuple[Any, str | None]]:
        yield graders.tier, graders.server

    monkeypatch.setattr(kernels, "serving", serving)


# --- help ---------------------------------------------------------------------------------------------------------


def test_every_command_is_listed_in_its_group_with_a_whole_sentence() -> None:
    lines = run("--help", terminal_width=80).splitlines()
    places = [lines.index(f"{group}:") for group in cli.GROUPS]
    assert places == sorted(places)
    listed = [line for line in lines[places[0] :] if line.startswith("  ")]
    assert {line.split()[0] for line in listed} == set(COMMANDS)
    assert [line for line in listed if not line.endswith(".") or "..." in line] == []


def test_commands_of_a_group_of_commands_are_listed() -> None:
    said = run("new", "--help")
    assert "course  " in said
    assert "set  " in said


def test_version() -> None:
    assert run("--version") == f"goodfit {__version__}\n"


def test_a_shell_completes_commands_and_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ps10", "ps2", "other"):
        (tmp_path / "source" / name).mkdir(parents=True)
        (tmp_path / "source" / name / f"{name}.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    asked = {"_GOODFIT_COMPLETE": "complete_bash", "COMP_WORDS": "goodfit grade ps", "COMP_CWORD": "2"}
    done = CliRunner().invoke(cli.app, [], env=asked, prog_name="goodfit")
    assert done.stdout.split() == ["ps2", "ps10"]


def test_the_choices_of_sandbox_are_the_tiers() -> None:
    assert list(cli.Sandbox) == ["auto", *Tier]
    for name in ("grade", "check", "bank", "mutants", "calibrate", "demo"):
        done = CliRunner().invoke(cli.app, [name, __file__, "--sandbox", "forkk"])
        assert (done.exit_code, "'fork'" in done.output) == (cli.WRONG_USE, True), name


def test_verbose_says_what_is_done(graded: Any, warm_bank: None) -> None:
    before = logging.getLogger("goodfit").handlers
    try:
        course = str(graded.folder)
        silent = CliRunner().invoke(cli.app, ["grade", "tiny", "--course", course, "--json"]).stderr
        told = CliRunner().invoke(cli.app, ["-v", "grade", "tiny", "--course", course, "--json"])
        assert silent == ""
        assert "tiny: 0 of 2 submissions to grade" in told.stderr
        json.loads(told.stdout)
    finally:
        CliRunner().invoke(cli.app, ["backup", "--course", str(graded.folder)])  # without -v: silent again
        logging.getLogger("goodfit").handlers = before


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_every_command_that_tells_something_has_json() -> None:
    lacking = {name for name, one in COMMANDS.items() if not any("--json" in p.opts for p in one.params)}
    assert lacking == {"new"}
    assert all(any("--json" in p.opts for p in one.params) for one in COMMANDS["new"].commands.values())


def test_json_of_one_set(graded: Any, warm_bank: None, tmp_path: Path) -> None:
    """Every quick command prints one JSON document and nothing else to stdout."""

    def said(*words: str, code: int = 0) -> Any:
        return json.loads(run(*words, "--json", "--course", str(graded.folder), code=code))

    notebook = graded.folder / "submitted" / "ada" / "tiny" / "tiny.ipynb"
    assert {"state", "what", "detail"} <= set(said("doctor")[0])
    assert said("release", "tiny") == {"tiny": []}
    verdicts = said("grade", "tiny")
    assert set(verdicts) == {"ada", "bo"}
    assert said("check", str(notebook))["checks"] == verdicts["ada"]["checks"]
    assert set(said("feedback", "tiny")) == {"ada", "bo"}
    copy = Path(said("backup")).name
    assert copy in said("restore")
    assert said("restore", copy)["restored"] == copy
    page = said("report-graders", "--to", str(tmp_path / "report"))
    assert page["faults"] == {"tiny": []}
    assert Path(page["page"]).is_file()


def test_several_sets_at_once(graded: Any, warm_bank: None) -> None:
    course = ["--course", str(graded.folder)]
    run("new", "set", "one", *course)
    folder = graded.folder / "submitted" / "ada" / "one"
    folder.mkdir()
    (folder / "one.ipynb").write_bytes((graded.folder / "source" / "one" / "one.ipynb").read_bytes())
    scores = json.loads(run("grade", "tiny", "one", "--json", *course))
    assert {name: set(students) for name, students in scores.items()} == {"tiny": {"ada", "bo"}, "one": {"ada"}}
    assert scores["one"]["ada"]["earned"] == 2
    pages = json.loads(run("feedback", "one", "tiny", "--json", *course))
    assert {name: set(students) for name, students in pages.items()} == {"tiny": {"ada", "bo"}, "one": {"ada"}}
    tables = run("grade", "one", "tiny", *course)
    assert tables.index("one") < tables.index("tiny")
    wrong_answer = graded.folder / "graders" / "one" / "answers" / "wrong" / "counts_only.py"
    wrong_answer = wrong_answer.rename(wrong_answer.with_name("test_counts_only.py"))  # a name that pytest looks for
    with wrong_answer.open("a") as file:
        file.write("\n\nraise SystemExit('an answer was imported by a grader')\n")
    tried = json.loads(run("bank", "one", "--json", *course))
    assert {one["answer"]: one["as_expected"] for one in tried} == dict.fromkeys(
        ["reference", "right/plain_loop", "wrong/test_counts_only"], True
    )
    (wrong,) = (one for one in tried if one["should_fail"])
    assert [one["check"] for one in wrong["said"]] == wrong["fails"]
    assert all(one["outcome"] == "failed" and one["rationale"] for one in wrong["said"])
    # exit code 1: some checks of the tiny set have no wrong answer
    both = json.loads(run("bank", "one", "one", "tiny", "--only", "reference", "--json", *course, code=1))
    answers = {name: [one["answer"] for one in tried] for name, tried in both.items()}
    assert answers == {"one": ["reference"], "tiny": ["reference"]}
    assert (
        CliRunner().invoke(cli.app, ["grade", "one", "tinny", *course]).exit_code == cli.WRONG_USE
    )  # before any is graded
    assert Course(graded.folder).assignments() == ["one", "tiny"]


def test_json_of_what_authors_measure(graded: Any, warm_bank: None) -> None:
    course = ["--course", str(graded.folder), "--json"]
    run("new", "set", "one", *course)
    (mutant,) = json.loads(run("mutants", "one", "--sample", "1", *course))
    assert (mutant["cell"], mutant["state"]) == ("accuracy-answer", "killed")
    assert json.loads(run("calibrate", "one", *course)) == {}, "it has no thresholds"
    measured = json.loads(run("calibrate", "tiny", "--runs", "2", "--wrong-runs", "2", *course, code=1))  # short
    assert {name: (one["right_runs"], one["wrong_runs"]) for name, one in measured.items()} == {"accuracy": (2, 2)}


def test_tables_of_what_authors_measure(graded: Any, warm_bank: None) -> None:
    """The same for people: what was found, in a line or a table."""
    course = ["--course", str(graded.folder)]
    run("new", "set", "one", *course)
    assert "1 mutants: 1 killed, 0 equivalent, 0 survived, 0 grader error" in run(
        "mutants", "one", "--sample", "1", *course
    )
    assert run("calibrate", "one", *course) == "one has no thresholds: all its checks are exact.\n"
    tried = run("bank", "one", "--trivial", *course)
    assert "trivial answers" in tried
    assert "NOT" not in tried
    tried = run("bank", "one", "--only", "counts_only", *course)
    assert "ok  wrong/counts_only (" in tried
    measured = run("calibrate", "tiny", "--runs", "2", "--wrong-runs", "2", *course, code=1)
    for word in ("threshold", "accuracy", "at least 0.", "SHORT"):
        assert word in measured
