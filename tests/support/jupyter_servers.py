"""Real Jupyter servers with nbgrader's extensions, for the tests that speak to one or look at one with a browser."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def jupyter_server(
    folder: Path, home: Path, *, program: str = "server", ready: str = "api/status", checker: bool = False
) -> Iterator[str]:
    """A server in a folder; yields its address.

    Args:
        folder: what it serves, and where it runs.
        home: of its user, empty: the settings and the log go there.
        program: "server", or "lab" for JupyterLab.
        ready: a path that answers as soon as the server can be used.
        checker: with jupyterlab-a11y-checker, which loads a font from another host; students do not have it.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = home / "config" / "labconfig" / "page_config.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"disabledExtensions": {"jupyterlab-a11y-checker": not checker}}))
    environment = {
        **os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_RUNTIME_DIR": str(home / "run"),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyter", program, f"--port={port}", "--no-browser", "--allow-root",
        "--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True",
        "--ServerApp.allow_remote_access=False", f"--ServerApp.root_dir={folder}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True,"
        " 'nbgrader.server_extensions.validate_assignment': True}",
    ]  # fmt: skip
    log = home / "server.log"
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(400):
            try:
                urllib.request.urlopen(f"{address}/{ready}", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, log.read_text()
                time.sleep(0.25)
        else:
            pytest.fail(log.read_text()[-3000:])
        yield address
    finally:
        process.terminate()
        process.wait(20)
