"""``evcli ask -``: a question a line in, one JSON object a line out."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

from evcli.commands.inside import error_object, object_of, refusal, run_inside
from evcli.commands.session import Taken, keeping_open
from evcli.diagnostics import ExitCode
from evcli.errors import UsageError
from evcli.render import Stdout
from evcli.render.machine import object_line

_ALSO = ("fields", "format", "quiet")  # what a line may have besides what a report may ask
_WAY_OUT = "evcli help formats says what a line may ask"


def answer_lines(options: Sequence[str]) -> ExitCode:
    """Answer each line of standard input as if typed after ``evcli``, with *options* behind it.

    Blank lines and those that begin with # have no answer. What is printed is flushed at once.
    """
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
                answered = object_of(*_answer(typed, options))
            except Exception as error:
                answered = error_object(error)
            stdout.write([object_line({"line": number, "asked": typed, **answered}), "\n"])
            worst = worst if answered["exit"] == ExitCode.OK else ExitCode.FOUND_PROBLEMS
    return worst


def _answer(typed: str, options: Sequence[str]) -> tuple[Taken, int]:
    try:
        arguments = shlex.split(typed)
    except ValueError as error:
        raise UsageError(f"this is not a command line: {error}", "close the quotes") from None
    if outside := refusal(arguments, _ALSO):
        raise UsageError(f"{outside} has no place in a line of questions", _WAY_OUT)
    return run_inside(arguments, options)
