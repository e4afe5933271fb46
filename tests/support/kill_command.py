"""Kill one process of a run after another, and look whether a grade is lost, doubled or changed: `make kills`.

    python tests/support/kill_command.py [--kills N] [--seed N] [--saved FILE] [--record]

Each time a class is graded anew, and one process is killed (SIGKILL) at a random moment: the command itself, the fork
server, a grader, what runs in a sandbox (a student's kernel, a reader of models), or, where PostgreSQL is installed, a
process of the server that keeps the gradebook. Where the command does not end well, it is run once more, with the
server running again. Then every row of the gradebook must be what it is after a run that nobody disturbed, and nothing
may run on. Exit code 0 where that is so.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import postgres
import psutil
from attack_record import ENGINE, keep
from gradebooks import rows
from tiny_sets import copy_course

from goodfit.authoring.answers import bank
from goodfit.course.course import Course
from goodfit.sandbox.fork.client import ADDRESS_VARIABLE


@dataclass(frozen=True)
class Kill:
    """One kill: its number, which the seed makes a moment of, what was killed, seconds with the run, what was amiss."""

    number: int
    role: str
    seconds: float
    amiss: list[str]


ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from goodfit.cli.app import app; app()", "grade", "tiny", "--jobs", "2"]
DATABASE = "database server"
ROLES = ("command", "fork server", "grader", "sandbox", DATABASE)
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
STUDENTS = 3  # with answers of the bank; one more handed in what was handed out


def main(words: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40, help="how many (40)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and of what is killed (1)")
    parser.add_argument("--saved", type=Path, help="keeps what came of each kill, for the next call")
    parser.add_argument("--record", action="store_true", help="keep the figures, and write docs/attacks.md anew")
    options = parser.parse_args(words)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    kills = saved(options.saved, options.seed)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="goodfit-kills-"))
        server = stack.enter_context(postgres.running(found)) if (found := postgres.programs()) else None
        roles = ROLES if server else tuple(role for role in ROLES if role != DATABASE)
        course = make_class(Path(folder, "class"))
        undisturbed = Path(folder, "undisturbed")
        shutil.copytree(course, undisturbed)
        before = time.monotonic()
        grade(undisturbed)
        seconds = time.monotonic() - before
        wanted = rows(kept_in(undisturbed))
        numbers = count(kills[-1].number + 1 if kills else 1)
        while len(kills) < options.kills:
            here = Path(folder, "here")
            shutil.copytree(course, here)
            number, begun = next(numbers), time.monotonic()
            chance = random.Random(f"{options.seed} {number}")
            role = chance.choice(roles)
            url = kept_in(here, server if role == DATABASE else None)
            left = disturb(here, role, chance, seconds, server)
            if left is not None:
                amiss = faults(url, wanted, left)
                with contextlib.suppress(ChildProcessError):  # whose parent was killed is ours
                    while os.waitpid(-1, os.WNOHANG)[0]:
                        pass
                kills.append(Kill(number, role, round(time.monotonic() - begun, 1), amiss))
                print(f"{len(kills)}/{options.kills} {role}", *amiss, sep="\n  ", flush=True)
                if options.saved:
                    save(options.saved, options.seed, kills[-1])
            shutil.rmtree(here)
    killed, amiss = Counter(kill.role for kill in kills), [one for kill in kills for one in kill.amiss]
    figures = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"Linux {platform.release()}, {os.cpu_count()} cores, as {'root' if os.geteuid() == 0 else 'user'}",
        "seed": options.seed,
        "killed": {role: killed[role] for role in roles},
        "amiss": len(amiss),
        "minutes": round(sum(kill.seconds for kill in kills) / 60),
    }
    print(json.dumps(figures, indent=1))
    if options.record:
        keep("kills", figures)
    return 1 if amiss else 0


def saved(file: Path | None, seed: int) -> list[Kill]:
    """What came of earlier kills with that seed and this engine."""
    if file is None or not file.exists():
        return []
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    now = {"seed": seed, "code": ENGINE}
    return [Kill(**one["kill"]) for one in lines if {key: one[key] for key in now} == now]


def save(file: Path, seed: int, kill: Kill) -> None:
    """Save what came of a kill."""
    with open(file, "a", encoding="utf-8") as lines:
        lines.write(json.dumps({"seed": seed, "code": ENGINE, "kill": asdict(kill)}) + "\n")


def make_class(folder: Path) -> Path:
    """A course with the tiny set but for its model, and a few who handed in."""
    copy_course(folder, models=False)
    wiring, graders = str(ROOT / "nbgrader_config.py"), str(folder / "graders")
    settings = f"load_subconfig({wiring!r})\nc = get_config()\nc.Goodfit.graders_directory = {graders!r}\n"
    (folder / "nbgrader_config.py").write_text(settings)
    assignment = Course(folder).assignment("tiny")
    answers = [answer.notebook(assignment) for answer in bank(assignment) if "model" not in answer.name]
    for number, notebook in enumerate([*answers[:STUDENTS], json.dumps(assignment.released).encode()]):
        place = folder / "submitted" / f"student-{number}" / "tiny"
        place.mkdir(parents=True)
        (place / "tiny.ipynb").write_bytes(notebook)
    return folder


def start(course: Path) -> subprocess.Popen[bytes]:
    own = {name: value for name, value in os.environ.items() if name != ADDRESS_VARIABLE}
    with open(course / "said.log", "ab") as log:
        return subprocess.Popen(COMMAND, cwd=course, stdout=log, stderr=log, env=own, start_new_session=True)


def grade(course: Path) -> None:
    """Grade the class to its end."""
    process = start(course)
    if process.wait(600):
        raise SystemExit((course / "said.log").read_text()[-3000:])


def kept_in(course: Path, server: postgres.Server | None = None) -> str:
    """The URL of the course's gradebook: a file, or an empty database of the server, which its settings name then."""
    if server is None:
        return f"sqlite:///{course / 'gradebook.db'}"
    url = server.fresh()
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as settings:
        settings.write(f"c.CourseDirectory.db_url = {url!r}\n")
    return url


def disturb(
    course: Path, role: str, chance: random.Random, seconds: float, server: postgres.Server | None
) -> list[psutil.Process] | None:
    """Grade the class and kill one process meanwhile; where that was felt, run the command once more.

    Returns:
        The processes that there were at the kill; None where the class was graded before one of this role was there.
    """
    process = start(course)
    until = time.monotonic() + chance.uniform(0, seconds)
    chosen: psutil.Process | None = None
    found: list[tuple[str, psutil.Process]] = []
    while process.poll() is None and chosen is None:
        if time.monotonic() >= until:
            with contextlib.suppress(psutil.Error):
                command = psutil.Process(process.pid)
                found = [("command", command), *((role_of(one, command), one) for one in command.children(True))]
                of_server = processes_of(server) if server and role == DATABASE else []
                chosen = chance.choice([*(one for is_a, one in found if is_a == role), *of_server] or [None])
        time.sleep(0.01)
    if chosen is not None:
        with contextlib.suppress(psutil.Error):
            chosen.send_signal(signal.SIGKILL)
    code = process.wait(600)
    if server and chosen is not None and role == DATABASE:
        if chosen.pid == server.main_process:
            chosen.wait(60)  # it is ours by now: one whose end nobody has noticed is one that runs, to PostgreSQL
            server.start()
        server.wait()
    if code and chosen is not None:  # whoever meets that runs the command once more
        grade(course)
    return None if chosen is None else [one for _, one in found]


def processes_of(server: postgres.Server) -> list[psutil.Process]:
    """The server's main process, and those that serve somebody or write."""
    main = psutil.Process(server.main_process)
    return [main, *main.children()]


def role_of(process: psutil.Process, command: psutil.Process) -> str:
    """What a process below the command is; of the fork server's forks, those with walls are sandboxes."""
    if process.ppid() == command.pid:
        return "fork server"
    return "grader" if _mount_namespace(process) == _mount_namespace(command) else "sandbox"


def _mount_namespace(process: psutil.Process) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{process.pid}/ns/mnt")
    raise psutil.NoSuchProcess(process.pid)


def faults(url: str, wanted: dict[str, list[Any]], there: list[psutil.Process]) -> list[str]:
    """What is not as after an undisturbed run."""
    now = rows(url)
    found = []
    for table, rows_ in wanted.items():
        lost = [row for row in rows_ if row not in now[table]]
        more = [row for row in now[table] if row not in rows_]
        if lost or more or len(now[table]) != len(rows_):
            found.append(f"{table}: {len(now[table])} rows and not {len(rows_)}; lost {lost[:3]}, new {more[:3]}")
    _, alive = psutil.wait_procs(there, timeout=10)
    return found + [f"still running: {' '.join(one.cmdline())[:80]}" for one in alive]


if __name__ == "__main__":
    sys.exit(main())
