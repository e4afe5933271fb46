"""A PostgreSQL server of a test's own: Debian's, run by an ordinary user, on a unix socket in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534  # PostgreSQL refuses to be run by root
PASSWORD = "open sesame"
QUICK = "-c listen_addresses='' -c fsync=off -c shared_buffers=16MB -c max_connections=20"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL that is installed, if any."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


@dataclass(frozen=True)
class Server:
    """A running server, where user ``ta`` may do everything with the right password.

    Attributes:
        bin: PostgreSQL's programs.
        folder: of the socket, the log and the data.
    """

    bin: Path
    folder: Path

    def url(self, database: str = "course", password: str = PASSWORD) -> str:
        return f"postgresql+psycopg://ta:{password.replace(' ', '%20')}@/{database}?host={self.folder}"

    def environment(self, database: str = "course") -> dict[str, str]:
        """What PostgreSQL's own programs are told by."""
        path = os.pathsep.join([str(self.bin), os.environ["PATH"]])
        ours = {"PGHOST": str(self.folder), "PGUSER": "ta", "PGPASSWORD": PASSWORD, "PGDATABASE": database}
        return {**os.environ, **ours, "PATH": path}

    def tool(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment("postgres"), text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fresh(self, database: str = "course") -> str:
        """The URL of an empty database, made anew."""
        self.tool("dropdb", "--if-exists", "--force", database)
        self.tool("createdb", "--template=template0", database)
        return self.url(database)

    def start(self) -> None:
        self._as_user("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", f"{QUICK} -k {self.folder}")

    def stop(self) -> None:
        """As when the machine of the server loses its power."""
        self._as_user("pg_ctl", "stop", "-w", "-D", "data", "-m", "immediate")

    @property
    def main_process(self) -> int:
        """Its pid, or that of the last one, where it was killed."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def wait(self, seconds: float = 60) -> None:
        """Until it accepts connections: one that has lost a process starts again."""
        until = time.monotonic() + seconds
        while subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder], check=False).returncode:
            if time.monotonic() > until:
                raise TimeoutError(f"PostgreSQL in {self.folder} does not answer")
            time.sleep(0.05)

    def _as_user(self, program: str, *words: str) -> None:
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        with open(self.folder / f"{program}.said", "w") as said:  # a pipe would be the server's, and never end
            subprocess.run(
                [self.bin / program, *words], cwd=self.folder, stdout=said, stderr=said, check=True,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **user,
            )  # fmt: skip


@contextmanager
def running(bin: Path) -> Iterator[Server]:
    """A server with a database ``course``, as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="goodfit-pg-", dir="/tmp"))  # the path of a socket must be short
    server = Server(bin, folder)
    try:
        folder.chmod(0o755)
        (folder / "password").write_text(PASSWORD)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        server._as_user(
            "initdb", "-D", "data", "-U", "ta", "--auth=scram-sha-256", "--pwfile=password", "--no-sync",
            "--encoding=UTF8", "--locale=C",
        )  # fmt: skip
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
