r"""What a terminal shows: whether in colour, how wide it is, and the theme.

The owners of standard output and standard error both ask here, so that one set of rules decides.

>>> in_color(sys.stdin, {"TERM": "xterm", "FORCE_COLOR": "1"})
True
>>> painted("855,000", THEME["number"])
'\x1b[1m855,000\x1b[0m'
"""

import os
import sys
from collections.abc import Mapping
from typing import TextIO

# what is shown in which style, in words that Rich understands
THEME = {
    "title": "bold",
    "head": "bold dim",
    "frame": "dim",
    "number": "bold",
    "bounds": "dim",
    "up": "green",
    "down": "red",
    "derived": "italic",
    "deprecated": "dim",
    "footnote": "dim",
    "mark": "yellow",
    "error": "bold red",
    "bug": "bold red",
    "warning": "yellow",
    "note": "dim",
    "hint": "dim",
}
_CODES = {"bold": "1", "dim": "2", "italic": "3", "red": "31", "green": "32", "yellow": "33"}
_WIDEST = 1000  # columns; nobody reads more, and a chart takes time to draw
_VIRTUAL_TERMINAL = 4  # what Windows calls ENABLE_VIRTUAL_TERMINAL_PROCESSING
# lines of a chart: Okabe and Ito's colours as near as terminals have them, in the order of files
SERIES = tuple(f"38;5;{code}" for code in (32, 166, 35, 175, 178))


def painted(text: str, style: str) -> str:
    """*text* in *style*, words such as ``bold red`` or codes; unchanged where either is empty."""
    if not (text and style):
        return text
    return f"\x1b[{';'.join(_CODES.get(word, word) for word in style.split())}m{text}\x1b[0m"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at *stream*."""
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):  # a stand-in, or closed
        return False


def in_color(stream: TextIO | None, environ: Mapping[str, str], *, no_color: bool = False) -> bool:
    """Whether what is written to *stream* is coloured.

    ``--no-color`` (*no_color*) comes first, then ``NO_COLOR``, then ``FORCE_COLOR`` and
    ``CLICOLOR_FORCE``, which count in pipes, too, unless they are ``0``. Otherwise terminals are
    coloured whose ``TERM`` is neither ``dumb`` nor empty; on Windows it is not set at all.
    """
    if no_color or environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    capable = environ.get("TERM", "windows" if sys.platform == "win32" else "")
    if capable in ("", "dumb") or stream is None or not is_terminal(stream):
        return False
    if sys.platform == "win32":  # an older console reads codes only where it is told to
        import ctypes
        import msvcrt

        mode, console = ctypes.c_ulong(), ctypes.windll.kernel32
        handle = msvcrt.get_osfhandle(stream.fileno())
        known = console.GetConsoleMode(handle, ctypes.byref(mode))
        return bool(known and console.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL))
    return True


def columns(stream: TextIO | None, environ: Mapping[str, str]) -> int | None:
    """The width of the terminal in cells, ``COLUMNS`` first, at most 1,000; None without one."""
    if stream is None or not is_terminal(stream):
        return None
    named = environ.get("COLUMNS", "")
    if named.isascii() and named.strip("0").isdigit():
        return min(int(named), _WIDEST) if len(named) < 9 else _WIDEST
    try:
        return min(os.get_terminal_size(stream.fileno()).columns or 80, _WIDEST)
    except (OSError, ValueError):
        return 80


def folded(text: str, width: int, indent: str = "", *, whole: bool = True) -> list[str]:
    """*text* in lines of at most *width* cells, broken between words: an address or an id that is
    longer stays *whole*, or is broken after all. Further lines begin with *indent*.

    >>> folded("see https://example.org/exports of 比亚迪", 12, "  ")
    ['see', '  https://example.org/exports', '  of 比亚迪']
    """
    lines, here = [], ""
    for word in text.split(" "):
        longer = f"{here} {word}" if here else word
        if here.strip() and width_of(longer.rstrip()) > width:
            lines.append(here.rstrip())
            longer = indent + word
        while not whole and width_of(longer) > width:
            fits = (at for at in range(width, 1, -1) if width_of(longer[:at]) <= width)
            cut = next(fits, 1)
            lines.append(longer[:cut])
            longer = longer[cut:]
        here = longer
    return [*lines, here.rstrip()]


def width_of(text: str) -> int:
    """How many cells of a terminal *text* takes: two for 比, none for an accent of its own."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        1 + (east_asian_width(letter) in "WF")
        for letter in text
        if letter.isascii() or category(letter) not in ("Mn", "Me", "Cf")
    )
