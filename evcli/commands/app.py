"""The command line: which commands there are, and where all errors end."""

import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from evcli.commands import factory
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.errors import EvcliError, OutputError, UsageError, nearest
from evcli.grouping import grouped
from evcli.render import ClosedPipe

COMMANDS = factory.commands_of()


def _show_version(wanted: bool) -> None:
    if wanted:
        from evcli.commands.welcome import version_text

        factory.print_text(version_text())
        raise typer.Exit


def _overview(
    ctx: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            help="Show the version and the record.",
            is_eager=True,
            callback=_show_version,
        ),
    ] = False,
) -> None:
    """Figures on China's vehicle exports that you can defend."""
    if ctx.invoked_subcommand is None:  # questions, and the commands by their groups
        groups = grouped(COMMANDS, lambda name: COMMANDS[name][1])
        names = (f"{heading:<10}{' '.join(each)}" for heading, each in groups.items())
        text = Path(__file__).with_name("welcome.txt").read_text("utf-8")
        factory.print_text(text.format(names="\n".join(names)))


def build() -> factory.Command:
    """The whole command line."""
    return factory.group(_overview, COMMANDS, otherwise="ask")


def in_our_words(error: factory.ClickException) -> UsageError:
    """What is wrong with a command line that could not be read."""
    if isinstance(error, factory.NoSuchOption):  # nearer than Click has it: dashes are alike
        given, *known = (each[2:] for each in (error.option_name, *(error.possibilities or ())))
        error.possibilities = [f"--{each}" for each in nearest(given, known, cutoff=0.7)]
    missing = isinstance(error, factory.NoArgsIsHelpError)
    text = "arguments are missing" if missing else error.format_message().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "evcli"
    return UsageError(text[:1].lower() + text[1:], f"see '{path} --help'")


def run(argv: Sequence[str] | None = None) -> int:
    """Answer one command line; returns the exit code, never raises."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    diagnostics = Diagnostics(no_color="--no-color" in arguments)
    try:
        result: Any = build().main(args=arguments, prog_name="evcli", standalone_mode=False)
        return int(result) if isinstance(result, int) else ExitCode.OK
    except ClosedPipe:
        return ExitCode.OK
    except EvcliError as error:
        return diagnostics.error(error)
    except factory.ClickException as error:
        return diagnostics.error(in_our_words(error))
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except SystemExit as leaving:  # how shell completion ends, and a pipe that Typer saw close
        pipe = isinstance(leaving.__context__, BrokenPipeError)
        try:
            factory.print_text("")  # Typer does not say where stdout is closed
        except OutputError as error:
            return diagnostics.error(error)
        return ExitCode.OK if pipe or not leaving.code else ExitCode.USAGE
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # Typer prints completion
            return diagnostics.error(OutputError(f"cannot write the answer: {error.strerror}"))
        return diagnostics.bug(error)
