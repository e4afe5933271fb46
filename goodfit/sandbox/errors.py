"""What can go wrong with a sandbox: each error says what happened, where, and what to do about it."""

from __future__ import annotations


class SandboxError(Exception):
    """Root of every error of this package; `str()` is one readable paragraph.

    `what` happened, `where` (the step, path or address) and `remedy` (what a person can do; may be empty).
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        text = what.rstrip(".")
        if where:
            text += f" ({where})"
        super().__init__(f"{text}. {remedy}".rstrip() if remedy else f"{text}.")


class SandboxUnavailable(SandboxError):
    """This machine cannot give the sandbox that was asked for. Nothing was run."""


class ConfinementFailed(SandboxError):
    """A sandbox could not be built, or does not hold what it promises. The student's code was not run."""


class ForkServerDied(SandboxError):
    """The process that forks kernels has ended or does not answer. Every sandbox it made is dead as well."""


class MachineBusy(SandboxError):
    """A limit's time went by many times over, and the sandbox had hardly any of it: the machine does too much else."""
