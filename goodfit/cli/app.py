"""The ``goodfit`` command: its groups, and what holds for every command in them."""

from __future__ import annotations

import gc
import os
import sys
from types import TracebackType


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is raised outside of every command: Ctrl-C, while the imports below take their seconds."""
    if issubclass(kind, KeyboardInterrupt):
        os.write(2, b"stopped\n")
        os._exit(130)
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _ended
gc.set_threshold(100_000, 20)  # next to nothing of what is imported becomes garbage: a fifth of the start looked for it

import io
import logging
import signal
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from goodfit import __version__
from goodfit.cli import author, grade, machine, teach
from goodfit.cli.options import AUTHOR, GRADE, GROUPS, MACHINE, TEACH, Sandbox
from goodfit.cli.terminal import DONE, INTERRUPTED, NO_SANDBOX, SOME_TROUBLE, WRONG_USE, Interruption

__all__ = ["DONE", "GROUPS", "INTERRUPTED", "NO_SANDBOX", "SOME_TROUBLE", "WRONG_USE", "Sandbox", "app"]


class Goodfit(TyperGroup):
    """The command as a terminal, a pipe and a batch job meet it: no sign of a name and no key ends in a traceback."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands in groups, as typer does where it may draw frames."""
        groups: dict[str, list[tuple[str, str]]] = {}
        width = max(map(len, self.commands))
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            text = command.get_short_help_str(formatter.width - 6 - width)
            groups.setdefault(command.rich_help_panel, []).append((name.ljust(width), text))
        for group, rows in sorted(groups.items(), key=lambda item: GROUPS.index(item[0])):
            with formatter.section(group):
                formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; what a stream cannot show becomes "?"."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, Interruption.interrupt)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if Interruption.happened:
                    print("stopped; what was finished is kept", file=sys.stderr)
                sys.stdout.flush()
        except BrokenPipeError:  # `| head` has seen enough; Python would complain once more when it closes the stream
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(SOME_TROUBLE)


app = typer.Typer(
    cls=Goodfit,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"goodfit {__version__}")
        raise typer.Exit


@app.callback()
def main(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say on stderr what is being done.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Grade machine-learning assignments: verdicts that cannot be forged, calibrated thresholds, feedback in words."""
    log = logging.getLogger("goodfit")
    log.setLevel(logging.INFO if verbose else logging.WARNING)
    log.handlers = [handler := logging.StreamHandler()]
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))


COMMANDS = {
    TEACH: (teach.release, teach.feedback, teach.report, teach.export, teach.backup, teach.restore),
    GRADE: (grade.grade, grade.check),
    AUTHOR: (author.bank, author.mutants, author.calibrate, author.report_graders),
    MACHINE: (machine.doctor, machine.demo),
}
for _group, _commands in COMMANDS.items():
    for _command in _commands:
        app.command(rich_help_panel=_group)(_command)

new = typer.Typer(no_args_is_help=True)
new.command("course")(author.new_course)
new.command("set")(author.new_set)
app.add_typer(new, name="new", rich_help_panel=AUTHOR, help="Begin a course folder, or a problem set.")
