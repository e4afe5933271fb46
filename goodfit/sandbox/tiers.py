"""Which sandboxes work here: found out by really starting one, not by looking for files."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goodfit.sandbox import proof, syscalls
from goodfit.sandbox.cgroup import Group
from goodfit.sandbox.errors import SandboxError, SandboxUnavailable
from goodfit.sandbox.fork.client import ForkServer
from goodfit.sandbox.launch import Tier, spawn_job
from goodfit.sandbox.limits import Limits

AUTOGROUPS = "/proc/sys/kernel/sched_autogroup_enabled"

__all__ = ["Tier", "TierReport", "choose", "survey", "try_tier"]


@dataclass(frozen=True)
class TierReport:
    """What one tier can do on this machine."""

    tier: Tier
    usable: bool
    layers: tuple[str, ...] = ()
    """What confines, in words."""
    reason: str = ""
    """Why it is not usable, or what it lacks."""
    remedy: str = ""
    """What a person can do about it."""
    seconds: float = 0.0
    """Time to start a trivial confined process (without the start of the fork server)."""
    missing: list[str] = field(default_factory=list)
    """Optional layers that this machine does not have, each with its remedy."""


def answer_probe(sock: socket.socket) -> None:
    """Target of the trial: read the probe's arguments, answer with its report."""
    arguments = json.loads(sock.recv(1 << 16))
    sock.sendall(json.dumps(proof.probe(**arguments)).encode())
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)  # stay until the other side has looked at this process


def try_tier(tier: Tier, server: ForkServer | None = None) -> TierReport:
    """Start a confined process that tries its walls; a tier is usable when every wall held."""
    if tier is Tier.NONE:
        return TierReport(tier, True, reason="nothing is confined; ask for it in words with --sandbox none")
    folder = tempfile.mkdtemp(prefix="gf-canary-")
    own: ForkServer | None = None
    try:
        canary = os.path.join(folder, "canary")
        with open(canary, "w", encoding="ascii") as file:
            file.write("secret")
        os.chmod(folder, 0o755)
        if tier is Tier.FORK and server is None:
            own = server = ForkServer.start(libraries=["py_landlock", "pyseccomp", "goodfit.sandbox.tiers"], timeout=60)
        limits = Limits(disk_bytes=8 << 20)
        started = time.monotonic()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = spawn_job(tier, "goodfit.sandbox.tiers:answer_probe", theirs, limits, server=server)
            with Group(process, limits) as group, process:
                seconds = time.monotonic() - started
                ours.settimeout(30)
                ours.sendall(json.dumps({"canary": canary, "outside": [folder]}).encode())
                data = b""
                while chunk := ours.recv(1 << 20):
                    data += chunk
                if not data:
                    return TierReport(
                        tier, False, reason=f"the trial ended without an answer: {process.log_tail()[-500:]}"
                    )
                wrong = proof.verify(json.loads(data), limits, process)
                layers = (*process.layers, *group.layers)
        if wrong:
            return TierReport(tier, False, layers, reason=" ".join(wrong), seconds=seconds)
        return TierReport(tier, True, layers, seconds=seconds, missing=_missing(layers))
    except (SandboxError, OSError, ValueError) as error:
        if isinstance(error, SandboxError):
            return TierReport(tier, False, reason=error.what, remedy=error.remedy)
        return TierReport(tier, False, reason=f"{type(error).__name__}: {error}")
    finally:
        if own is not None:
            own.close()
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)


def _missing(layers: tuple[str, ...]) -> list[str]:
    lacks = []
    if "landlock" not in layers:
        lacks.append(
            "landlock: "
            + (
                "install py-landlock"
                if syscalls.landlock_abi()
                else "this kernel has none (Linux 5.13 and later, with landlock among its LSMs)"
            )
        )
    if "seccomp" not in layers:
        lacks.append("seccomp: install libseccomp2 and pyseccomp")
    cgroup = next((layer for layer in layers if layer.startswith("cgroup ")), "")
    if not cgroup:
        lacks.append(
            "a cgroup for each sandbox, so that Linux counts what it keeps for a submission: grade as root, where "
            "/sys/fs/cgroup can be written (docs/operator.md)"
        )
    if "cpu" not in cgroup and not shares_by_session():
        lacks.append(
            "a share of the processor for each sandbox: sysctl kernel.sched_autogroup_enabled=1 (now a submission with "
            "many processes gets more of it than its neighbours)"
        )
    if "no further namespaces" not in layers:
        lacks.append("no further namespaces: left to seccomp")
    return lacks


def shares_by_session() -> bool:
    """Whether Linux deals out the processor by session first: a sandbox is one."""
    try:
        return Path(AUTOGROUPS).read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False


def survey() -> list[TierReport]:
    """All tiers, the best first."""
    return [try_tier(tier) for tier in Tier]


def choose(requested: Tier | str | None = None, tried: Sequence[TierReport] = ()) -> TierReport:
    """The tier to use: the requested one if it works, else the best that does. Never `none` unless asked for by name.

    Args:
        requested: by name, or None.
        tried: tiers that were found not to work, and are not tried again.

    Raises:
        SandboxUnavailable: the requested tier does not work, or none does.
    """
    if requested is not None:
        try:
            tier = Tier(requested)
        except ValueError:
            raise SandboxUnavailable(
                f"There is no sandbox {requested!r}", where="--sandbox", remedy=f"Choose {', '.join(Tier)}."
            ) from None
        found = try_tier(tier)
        if not found.usable:
            raise SandboxUnavailable(
                f"The sandbox {tier} does not work here: {found.reason}", where="--sandbox", remedy=found.remedy
            )
        return found
    reports = [*tried]
    for tier in (Tier.FORK, Tier.BUBBLEWRAP):
        if tier in [one.tier for one in tried]:
            continue
        found = try_tier(tier)
        if found.usable:
            return found
        reports.append(found)
    raise SandboxUnavailable(
        "No sandbox works here: " + " ".join(f"{r.tier}: {r.reason}" for r in reports),
        where="sandbox",
        remedy=" ".join(dict.fromkeys(r.remedy for r in reports if r.remedy)),
    )
