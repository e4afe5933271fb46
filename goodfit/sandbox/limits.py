"""How much one sandbox may use. Every number can be changed by a course."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]


class Limits(BaseModel):
    """Limits of one sandbox. Sizes are bytes, times are seconds.

    The first group is enforced by the operating system on whatever runs inside; the second group is kept by the
    trusted side, which stops waiting, reading or measuring (and then kills) at these numbers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_bytes: Positive = Field(
        default=4 * GIB,
        description="bytes of private memory of each process (RLIMIT_DATA); includes the "
        "about 0.7 GB that imported libraries map",
    )
    processes: Positive = Field(
        default=128, description="processes and threads together, in the whole sandbox (RLIMIT_NPROC)"
    )
    file_bytes: Positive = Field(default=256 * MIB, description="bytes of the largest single file (RLIMIT_FSIZE)")
    disk_bytes: Positive = Field(
        default=512 * MIB,
        description="bytes of all files together: the size of the sandbox's own tmpfs "
        "(home, /tmp and /dev/shm share it)",
    )
    disk_files: Positive = Field(default=20_000, description="number of files and folders in that tmpfs")
    open_files: Positive = Field(default=1024, description="open files of each process (RLIMIT_NOFILE)")
    cpu_seconds: Positive = Field(
        default=600, description="processor seconds of each process, all threads together (RLIMIT_CPU)"
    )

    total_memory_bytes: Positive = Field(
        default=6 * GIB,
        description="bytes of memory of all processes of the sandbox together; watched "
        "from outside, the sandbox is killed above it",
    )
    total_open_files: Positive = Field(
        default=8192,
        description="room for open files of all processes of the sandbox together; watched from outside likewise",
    )
    sockets: Positive = Field(
        default=512, description="sockets of the sandbox, whichever process holds them; watched from outside likewise"
    )
    cell_seconds: Seconds = Field(default=60, description="seconds one notebook cell may run")
    check_seconds: Seconds = Field(default=30, description="seconds one check may run")
    notebook_seconds: Seconds = Field(default=600, description="seconds a whole submission may take")
    busy_factor: Annotated[float, Field(ge=1)] = Field(
        default=10,
        description="times these seconds that may go by while a submission waits for the machine's cores, which does "
        "not count; above it somebody must look",
    )
    output_bytes: Positive = Field(
        default=1 * MIB, description="bytes of output kept of one cell, after what it clears and overwrites"
    )
    message_bytes: Positive = Field(
        default=64 * MIB, description="bytes of the biggest message or array taken from a sandbox"
    )
