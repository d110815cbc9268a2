"""The one owner of standard error and of the exit codes.

Everything that is not the answer goes through here: errors, warnings, notes, hints. Exit codes
are part of the interface and listed by ``evcli help exit-codes``.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterable
from enum import IntEnum

from evcli import errors
from evcli.errors import EvcliError, InvalidFacts, UsageError
from evcli.terminal import THEME, columns, folded, in_color, is_terminal, painted

_MOST_PROBLEMS = 200
_PATIENCE_S = 1.0  # nobody wants to read how far along a blink is


class ExitCode(IntEnum):
    """What the exit status of evcli means."""

    OK = 0
    FOUND_PROBLEMS = 1
    USAGE = 2
    UNKNOWN_NAME = 3
    NOT_COMPARABLE = 4
    INVALID_FACTS = 5
    OUTPUT = 6
    BUG = 70
    INTERRUPTED = 130


_CODES: dict[type, ExitCode] = {
    errors.UsageError: ExitCode.USAGE,
    errors.UnknownName: ExitCode.UNKNOWN_NAME,
    errors.NotComparable: ExitCode.NOT_COMPARABLE,
    InvalidFacts: ExitCode.INVALID_FACTS,
    errors.OutputError: ExitCode.OUTPUT,
}


def exit_code(error: EvcliError) -> ExitCode:
    """The exit code of an expected failure."""
    return next((_CODES[each] for each in type(error).__mro__ if each in _CODES), ExitCode.BUG)


class Diagnostics:
    """Writes to standard error, on a terminal in lines that wrap between words; ``quiet`` keeps
    notes, warnings and hints back, never errors.
    """

    def __init__(self, quiet: bool = False, no_color: bool = False) -> None:
        self.quiet = quiet
        self.no_color = no_color
        self._begun = 0.0

    def notes(self, lines: Iterable[str]) -> None:
        """Things worth knowing about the answer."""
        self._all("note", lines)

    def warnings(self, lines: Iterable[str]) -> None:
        """Things that may mislead."""
        self._all("warning", lines)

    def hint(self, line: str) -> None:
        """The next step."""
        self._all("hint", [line] if line else [])

    def progress(self, done: int, of: int) -> None:
        """How far the work is, in one line that is written over; only for people who wait."""
        now = time.monotonic()
        self._begun = self._begun or now
        if now - self._begun < _PATIENCE_S:
            return
        step = max(1, of // 100)
        watched = not self.quiet and is_terminal(sys.stderr)
        if watched and of > 1 and (done % step == 0 or done == of):
            text = f"{done * 100 // of:3} % of {of:,}"
            end = f"\r{' ' * len(text)}\r" if done == of else ""
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(f"\r{text}{end}")
                sys.stderr.flush()

    def ask(self, question: str, hint: str = "") -> str:
        """What is typed behind a *question*; where nobody sits at a terminal nothing, or a
        UsageError with the *hint* how to say it in the command.
        """
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            if hint:
                raise UsageError(f"{question}?", hint)
            return ""
        sys.stderr.write(f"{question}? ")
        sys.stderr.flush()
        if not (line := sys.stdin.readline()):
            raise KeyboardInterrupt
        return line.strip()

    def error(self, error: EvcliError) -> ExitCode:
        """Print an expected failure in one line (facts: one per problem); return its exit code."""
        if isinstance(error, InvalidFacts):
            for problem in error.problems[:_MOST_PROBLEMS]:
                self._write(str(problem))
            if len(error.problems) > _MOST_PROBLEMS:
                self._write(f"... and {len(error.problems) - _MOST_PROBLEMS} more problems")
        self._say("error", f"{error}" + (f"; {error.hint}" if error.hint else ""))
        return exit_code(error)

    def bug(self, error: BaseException) -> ExitCode:
        """Print a failure nobody expected; the traceback only when EVCLI_DEBUG is set."""
        if os.environ.get("EVCLI_DEBUG"):
            import traceback

            self._write("".join(traceback.format_exception(error)).rstrip("\n"), wraps=False)
        way_out = "please report it with the command you typed (EVCLI_DEBUG=1 shows where)"
        self._say("bug", f"{type(error).__name__}: {error}; {way_out}")
        return ExitCode.BUG

    def _all(self, kind: str, lines: Iterable[str]) -> None:
        if not self.quiet:
            for line in lines:
                self._say(kind, line)

    def _say(self, kind: str, text: str) -> None:
        self._write(f"evcli: {kind}: {text}", label=f"evcli: {kind}:", style=THEME[kind])

    def _write(self, text: str, *, label: str = "", style: str = "", wraps: bool = True) -> None:
        """Write *text*, wrapped to the terminal where there is one, and its *label* in *style*."""
        if not text.replace("\n", "").isprintable():
            from evcli.text.characters import visible

            text = "\n".join(map(visible, text.split("\n")))
        width = columns(sys.stderr, os.environ) if wraps else None
        if width is not None:
            text = "\n".join(
                part for line in text.splitlines() or [""] for part in folded(line, width, "  ")
            )
        if in_color(sys.stderr, os.environ, no_color=self.no_color):
            text = text.replace(label, painted(label, style), 1)
        # a reader that has gone away, or a closed or full stderr, must not hide the exit code
        with contextlib.suppress(OSError, ValueError, AttributeError):
            encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
            sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            sys.stderr.flush()
