"""``goodfit grade --scheduler``: real Dask schedulers and workers give the verdicts of this machine, and may die."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask
import dask_cluster
import pytest
from distributed import LocalCluster, Security

from goodfit.grading import cluster, worker
from goodfit.grading.pool import Graders
from goodfit.notebooks.assignment import Assignment

Class = Any  # conftest.py's
Submit = Callable[..., bytes]


def hand_in(graded: Class, student: str, notebook: bytes) -> None:
    folder = graded.folder / "submitted" / student / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tiny.ipynb").write_bytes(notebook)


def verdicts(graded: Class) -> dict[str, Any]:
    """The results that are kept, without what a clock or process decides."""
    found = {}
    for path in sorted((graded.folder / ".goodfit" / "tiny").glob("*.json")):
        bundle = json.loads(path.read_text())["bundle"]
        found[path.stem] = {name: bundle[name] for name in ("verdict", "notebook", "measures", "layers")}
    return found


@pytest.fixture
def borrowed(graders: Graders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers in this process take the tests' fork server, which is warm."""
    monkeypatch.setattr(worker, "serving", lambda *_: contextlib.nullcontext((graders.tier, graders.server)))
    monkeypatch.setattr(cluster, "PATIENCE", 5.0)


@pytest.mark.all
def test_the_same_verdicts_as_here(graded: Class, submit: Submit, borrowed: None) -> None:
    """A right one, wrong ones, no notebook, files beside it: over TCP to two workers, and by two jobs here."""
    hand_in(graded, "cem", submit({"add-answer": "def add(a, b):\n    return 0"}))
    hand_in(graded, "dao", submit({"add-answer": "import os\nprint(open('notes.txt').read())\nos._exit(3)"}))
    (graded.folder / "submitted" / "dao" / "tiny" / "notes.txt").write_text("seen")
    hand_in(graded, "eva", b"no notebook")
    here = type(graded)(Path(shutil.copytree(graded.folder, graded.folder.with_name("here"))))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
    ) as local:
        code, said = graded.goodfit("grade", "tiny", "--force", "--scheduler", local.scheduler_address)
        assert code == 1, said  # eva's needs a human
        left = [one.plugins for one in local.workers.values()]
        assert not [name for plugins in left for name in plugins if name.startswith("goodfit")]
    assert here.goodfit("grade", "tiny", "--force", "--jobs", "2")[0] == 1
    assert verdicts(graded) == verdicts(here)
    assert sorted(verdicts(here)) == ["ada", "bo", "cem", "dao", "eva"]
    # somewhere else nothing can be confined, or something else is installed: nothing is graded
    before = verdicts(graded)
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
        ) as local,
        pytest.MonkeyPatch.context() as patch,
    ):
        run = ("grade", "tiny", "--force", "--scheduler", local.scheduler_address)
        patch.setattr(worker, "serving", refuses)
        assert graded.goodfit(*run) == (3, "A Dask worker has no sandbox: no walls here.")
        patch.setattr(worker, "versions", lambda: {"keras": "1.0"})
        code, said = graded.goodfit(*run)
        assert (code, "A Dask worker has other versions" in said, "keras 1.0" in said) == (1, True, True)
        assert verdicts(graded) == before
        patch.setattr(worker.SetOnWorker, "grade", lambda *_: worker.Answer())
        assert graded.goodfit(*run)[0] == 1  # grader errors: they need a human
        assert all(c["outcome"] == "grader error" for v in verdicts(graded).values() for c in v["verdict"]["checks"])


@contextlib.contextmanager
def refuses(*_: Any) -> Any:
    raise worker.SandboxError("no walls here")
    yield


def test_a_set_travels_without_its_answers(tiny: Assignment) -> None:
    packed = worker.pack(tiny)
    assert packed == worker.pack(tiny)
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert {"source/tiny/tiny.ipynb", "graders/tiny/test_tiny.py"} <= set(names)
    assert any(name.startswith("source/tiny/data/") for name in names)
    assert not [name for name in names if "answers" in name or name.endswith(".pyc")]
    sent = worker.SetOnWorker(packed[:-1], "0" * 64, {}, "auto", frozenset())
    with pytest.raises(ValueError, match="damaged"):
        sent.setup(None)


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "ws://127.0.0.1:1", "tcp://localhost.evil:1"]
)
def test_only_tls_leaves_this_machine(graded: Class, address: str) -> None:
    code, said = graded.goodfit("grade", "tiny", "--force", "--scheduler", address)
    assert (code, "not by TLS" in said, "Nothing was graded" in said) == (1, True, True)


def test_by_tls(graded: Class, borrowed: None, tmp_path: Path) -> None:
    """With certificates made as docs/operator.md says, which Dask's configuration names; without them, a sentence."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "operator.md").read_text()
    (make,) = re.findall(r"^```sh\n(openssl .*?)^```$", page, re.MULTILINE | re.DOTALL)
    subprocess.run(["bash", "-ec", make], cwd=tmp_path, check=True, capture_output=True)
    at = "distributed.comm.tls"
    tls = {f"{at}.{role}.key": str(tmp_path / "dask.key") for role in ("scheduler", "worker", "client")}
    tls |= {f"{at}.{role}.cert": str(tmp_path / "dask.crt") for role in ("scheduler", "worker", "client")}
    tls[f"{at}.ca-file"] = str(tmp_path / "dask.crt")
    with (
        dask.config.set(tls),
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tls", host="127.0.0.1", security=Security(),
            dashboard_address=None,
        ) as local,
    ):  # fmt: skip
        run = ("grade", "tiny", "--force", "--student", "ada", "--scheduler", local.scheduler_address)
        assert local.scheduler_address.startswith("tls://")
        assert graded.goodfit(*run)[0] == 0
        with dask.config.set(dict.fromkeys(tls)):
            code, said = graded.goodfit(*run)
        assert (code, "No Dask scheduler answers" in said, "Traceback" in said) == (1, True, False)


def test_addresses_that_are_safe() -> None:
    for address in ("tls://grader.example.org:8786", "tcp://127.0.0.1:8786", "tcp://[::1]:8786", "localhost:8786"):
        cluster.require_safe(address)


def test_nobody_there_is_a_sentence(graded: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    code, said = graded.goodfit("grade", "tiny", "--force", "--scheduler", "tcp://127.0.0.1:1")
    assert (code, "No Dask scheduler answers" in said, "Traceback" in said) == (1, True, False)
    monkeypatch.setitem(sys.modules, "goodfit.grading.cluster", None)
    code, said = graded.goodfit("grade", "tiny", "--force", "--scheduler", "tcp://127.0.0.1:1")
    assert (code, "goodfit[dask]" in said) == (1, True)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers may take long to start again on a busy machine."""
    monkeypatch.setattr(cluster, "PATIENCE", 300.0)


@pytest.mark.all
@pytest.mark.usefixtures("patient")
def test_workers_that_die(graded: Class, graders: Graders, submit: Submit, tmp_path: Path) -> None:
    """bo's ends each worker, cem's one: bo's alone needs a human, and everybody else gets what is theirs."""
    note = "def add(a, b):\n    return a + b  # "
    hand_in(graded, "bo", submit({"add-answer": f"{note}KILLS EVERY WORKER"}))
    hand_in(graded, "cem", submit({"add-answer": f"{note}KILLS ONE WORKER"}))
    hand_in(graded, "dao", submit())
    folder = tmp_path / "dask"
    folder.mkdir()
    with dask_cluster.running(folder, 2, graders.server) as running:
        code, said = graded.goodfit("grade", "tiny", "--force", "--scheduler", running.address)
        assert running.deaths() == cluster.DEATHS + 1
    assert code == 1, said
    outcomes = {name: {c["outcome"] for c in v["verdict"]["checks"]} for name, v in verdicts(graded).items()}
    assert outcomes.pop("bo") == {"grader error"}
    assert all("grader error" not in found for found in outcomes.values()), outcomes
    here = type(graded)(Path(shutil.copytree(graded.folder, graded.folder.with_name("here"))))
    assert here.goodfit("grade", "tiny", "--force", "--jobs", "1")[0] == 0
    theirs, ours = verdicts(here), verdicts(graded)
    assert {n: v for n, v in ours.items() if n != "bo"} == {n: v for n, v in theirs.items() if n != "bo"}


@pytest.mark.all
@pytest.mark.usefixtures("patient")
def test_a_scheduler_that_dies(graded: Class, graders: Graders, submit: Submit, tmp_path: Path) -> None:
    """The run ends with a sentence; the next one grades again what was under way, and nothing else."""
    hand_in(graded, "zoe", submit({"add-answer": "def add(a, b):\n    return a + b  # WAITS"}))
    folder = tmp_path / "dask"
    folder.mkdir()
    said: list[Any] = []
    with dask_cluster.running(folder, 1, graders.server) as running:
        arguments = ("grade", "tiny", "--force", "--scheduler", running.address)
        run = threading.Thread(target=lambda: said.append(graded.goodfit(*arguments)))
        run.start()
        until = time.monotonic() + 200
        while not (folder / "waiting").exists():
            assert run.is_alive(), said
            assert time.monotonic() < until
            time.sleep(0.1)
        running.scheduler.kill()
        run.join(100)
    assert said[0][0] == 1, said
    assert "The Dask scheduler" in said[0][1]
    assert "run the command again" in said[0][1]
    assert "Traceback" not in said[0][1]
    assert sorted(verdicts(graded)) == ["ada", "bo"]
    code, words = graded.goodfit("grade", "tiny", "--jobs", "1")
    assert (code, words.count("(unchanged)")) == (0, 2)
    assert sorted(verdicts(graded)) == ["ada", "bo", "zoe"]
