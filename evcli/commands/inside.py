"""Command lines answered inside evcli: for reports, for ``ask -`` and for agents.

Each is parsed as if typed, so that a question has one meaning wherever it is put. What a stranger
may ask stands in ``reports/allowed.toml``.
"""

import shlex
import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from evcli.commands.factory import ClickException, Context, ExamplesFirst, LazyGroup, Parameter
from evcli.commands.session import Taken, cited, keeping_open, taken_by
from evcli.diagnostics import Diagnostics, ExitCode, exit_code
from evcli.errors import EvcliError, NotComparable, UsageError
from evcli.render import Stdout
from evcli.render.machine import Json, object_line

_LIST = Path(__file__).parent.parent / "reports" / "allowed.toml"
_IN_LINES = ("fields", "format", "quiet")  # what a line may have besides what a report may ask


@cache
def allowed() -> dict[str, Any]:
    """What a stranger may ask: ``commands`` with their own options, and those ``shared`` by all."""
    return tomllib.loads(_LIST.read_text("utf-8"))


def refusal(arguments: Sequence[str], also: Sequence[str] = ()) -> str:
    """What in ``evcli ARGUMENTS`` a stranger may not use; empty where all may be.

    What counts is what is parsed: ``-qo FILE`` names a file, too. *also* are options that may be
    used besides those in the list.
    """
    outside = "--" if "--" in arguments else arguments[0]
    if not outside.startswith("-"):
        try:
            outside, given = _given(arguments)
        except ClickException:
            return ""  # which is told where it is asked, as the command tells it
        if own := allowed()["commands"].get(outside):
            known = {*own, *allowed()["shared"], *also}
            outside = next(
                (max(each.opts, key=len) for each in given if each.name not in known), ""
            )
    return outside


def _given(arguments: Sequence[str]) -> tuple[str, list[Parameter]]:
    """The command that *arguments* name and what they give it; ClickException if they cannot."""
    from evcli.commands.app import build

    root = Context(build(), info_name="evcli")
    name, made, rest = cast(LazyGroup, root.command).resolve_command(root, [*arguments])
    if name is None or not isinstance(made, ExamplesFirst):  # a group, whose commands write
        return arguments[0], []
    return name, made.given(Context(made, root, name, **made.context_settings), rest)


def run_inside(arguments: Sequence[str], more: Sequence[str] = ()) -> tuple[Taken, int]:
    """What ``evcli ARGUMENTS MORE`` answers, and its exit code; raises what the command raises."""
    from evcli.commands.app import build, in_our_words

    taken: list[Taken] = []
    try:
        _given(arguments)  # alone: an option that lacks its value must not take it from *more*
        with taken_by(taken.append):
            code = build().main([*arguments, *more], "evcli", standalone_mode=False)
    except ClickException as error:
        raise in_our_words(error) from None
    if code == ExitCode.INTERRUPTED:  # as Typer returns Ctrl-C
        raise KeyboardInterrupt
    return taken[-1], int(code or 0)


def object_of(taken: Taken, code: int, most: int | None = None) -> dict[str, Json]:
    """An answer and its exit code as the members of one JSON object, with at most *most* rows."""
    answer, _, source = taken
    shown = answer._replace(rows=answer.rows[:most])
    return {
        "exit": code,
        "title": answer.title,
        "unit": answer.unit,
        "rows": shown,
        "left_out": len(answer.rows) - len(shown.rows) or None,
        "cautions": tuple(filter(None, (answer.caution, *answer.warnings))),
        "notes": answer.notes,
        "hint": "" if answer.rows else answer.hint,
        "more": answer.more,
        "sources": cited(shown, source),
    }


def error_object(error: Exception) -> dict[str, Json]:
    """The same of what went wrong; what nobody expected is told on stderr, too."""
    if not isinstance(error, EvcliError):
        return {"exit": Diagnostics().bug(error), "error": f"{type(error).__name__}: {error}"}
    unlike = {"fields": error.fields} if isinstance(error, NotComparable) else {}
    return {"exit": exit_code(error), "error": str(error), "hint": error.hint, **unlike}


def answer_lines(options: Sequence[str]) -> ExitCode:
    """Answer each line of stdin, blank ones and comments aside, by one JSON object, at once."""
    if sys.stdin is None:
        raise UsageError("there is nothing to answer: standard input is closed")
    stdout, worst = Stdout(), ExitCode.OK
    with keeping_open():
        for number, line in enumerate(sys.stdin.buffer, 1):
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace")
            typed = text.strip().removeprefix("evcli ").strip()
            if not typed or typed.startswith("#"):
                continue
            try:
                answered = object_of(*run_inside(_arguments(typed), options))
            except Exception as error:
                answered = error_object(error)
            stdout.write([object_line({"line": number, "asked": typed, **answered}), "\n"])
            worst = worst if answered["exit"] == ExitCode.OK else ExitCode.FOUND_PROBLEMS
    return worst


def _arguments(typed: str) -> list[str]:
    try:
        arguments = shlex.split(typed)
    except ValueError as error:
        raise UsageError(f"this is not a command line: {error}", "close the quotes") from None
    if outside := refusal(arguments, _IN_LINES):
        hint = "evcli help formats says what a line may ask"
        raise UsageError(f"{outside} has no place in a line of questions", hint)
    return arguments
