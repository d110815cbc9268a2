"""Who decides on colour, what a style is on a terminal, and how standard error wraps."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.diagnostics import Diagnostics
from evcli.errors import InvalidFacts, Problem
from evcli.terminal import THEME, columns, folded, in_color, painted, width_of

XTERM = {"TERM": "xterm-256color"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "terminal", "pipe"),
    [
        (XTERM, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": ""}, False, False),
        (XTERM | {"NO_COLOR": "1"}, False, False),
        (XTERM | {"NO_COLOR": "0"}, False, False),  # any value that is not empty
        (XTERM | {"NO_COLOR": ""}, True, False),
        (XTERM | {"FORCE_COLOR": "1"}, True, True),
        (XTERM | {"FORCE_COLOR": "0"}, True, False),
        (XTERM | {"FORCE_COLOR": ""}, True, False),
        (XTERM | {"CLICOLOR_FORCE": "1"}, True, True),
        (XTERM | {"CLICOLOR_FORCE": "0"}, True, False),
        (XTERM | {"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, True, True),
        (XTERM | {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"CLICOLOR_FORCE": "1"}, True, True),
    ],
)
def test_who_decides_on_colour(environ: dict[str, str], terminal: bool, pipe: bool) -> None:
    assert in_color(Terminal(), environ) is terminal
    assert in_color(io.StringIO(), environ) is pipe
    assert in_color(None, environ) is pipe
    for stream in (Terminal(), io.StringIO()):
        assert not in_color(stream, environ, no_color=True)


@pytest.mark.parametrize(("platform", "color"), [("win32", True), ("linux", False)])
def test_only_windows_has_terminals_without_a_name(
    platform: str, color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    console(monkeypatch, mode=3)
    assert in_color(Terminal(), {}) is color


def console(monkeypatch: pytest.MonkeyPatch, mode: int | None, takes: bool = True) -> list[int]:
    """A console of Windows in this *mode*, None where there is none; what it is set to."""
    modes: list[int] = []

    def get(_: int, found: Any) -> bool:
        found._obj.value = mode or 0
        return mode is not None

    def put(_: int, wanted: int) -> bool:
        modes.append(wanted)
        return takes

    kernel = SimpleNamespace(GetConsoleMode=get, SetConsoleMode=put)
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    handles = SimpleNamespace(get_osfhandle=lambda number: number)
    monkeypatch.setitem(sys.modules, "msvcrt", handles)
    monkeypatch.setattr(Terminal, "fileno", lambda _: 1, raising=False)
    return modes


@pytest.mark.parametrize(
    ("mode", "takes", "color", "set_to"),
    [
        (3, True, True, [7]),  # an older console: codes are switched on, the rest stays
        (7, True, True, [7]),
        (3, False, False, [7]),  # before Windows 10
        (None, True, False, []),
    ],
)
def test_a_console_of_windows_is_told_to_read_codes(
    monkeypatch: pytest.MonkeyPatch, mode: int | None, takes: bool, color: bool, set_to: list[int]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    modes = console(monkeypatch, mode, takes)
    assert in_color(Terminal(), {}) is color
    assert modes == set_to


@pytest.mark.parametrize(
    ("environ", "width"),
    [
        ({}, 80),
        ({"COLUMNS": "132"}, 132),
        ({"COLUMNS": "wide"}, 80),
        ({"COLUMNS": "0"}, 80),
        ({"COLUMNS": "\u0663\u0660"}, 80),
        ({"COLUMNS": "1000"}, 1000),
        ({"COLUMNS": "100000"}, 1000),  # a chart of which took minutes and a gigabyte
        ({"COLUMNS": "9" * 5000}, 1000),
    ],
)
def test_how_wide_a_terminal_is(environ: dict[str, str], width: int) -> None:
    assert columns(Terminal(), environ) == width
    assert columns(io.StringIO(), environ) is None
    assert columns(None, environ) is None


def test_every_style_of_the_theme_can_be_painted() -> None:
    assert painted("", "bold") == ""
    assert painted("x", "") == "x"
    assert painted("x", "bold red") == "\x1b[1;31mx\x1b[0m"
    for style in THEME.values():
        assert painted("x", style).startswith("\x1b[")


# --- wrapping ---


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 13, ["one two three"]),
        ("one two three", 12, ["one two", "  three"]),
        ("see https://example.org/a-b-c.html", 12, ["see", "  https://example.org/a-b-c.html"]),
        ("比亚迪 比亚迪 比亚迪", 13, ["比亚迪 比亚迪", "  比亚迪"]),
        ("比亚迪 比亚迪", 12, ["比亚迪", "  比亚迪"]),
        ("a-b c-d", 4, ["a-b", "  c-d"]),
        ("", 5, [""]),
    ],
)
def test_folded(text: str, width: int, lines: list[str]) -> None:
    assert folded(text, width, "  ") == lines


@given(st.lists(st.text("ab-./比亚迪", min_size=1, max_size=12)), st.integers(1, 60))
def test_no_word_is_broken_and_only_words_are_too_long(words: list[str], width: int) -> None:
    lines = folded(" ".join(words), width)
    assert " ".join(lines).split() == words
    for line in lines:
        assert width_of(line) <= width or " " not in line


# --- standard error ---


def said(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **variables: str) -> str:
    """A warning, a note and a hint, as *stream* gets them."""
    monkeypatch.setattr(sys, "stderr", stream)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    diagnostics = Diagnostics()
    diagnostics.warnings(["each maker decides what it counts"])
    diagnostics.notes(["windows differ: do not compare across groups"])
    diagnostics.hint("see https://example.org/a/very/long/address")
    return stream.getvalue()


def test_a_pipe_gets_one_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, io.StringIO(), COLUMNS="30", TERM="xterm") == (
        "evcli: warning: each maker decides what it counts\n"
        "evcli: note: windows differ: do not compare across groups\n"
        "evcli: hint: see https://example.org/a/very/long/address\n"
    )


def test_a_terminal_gets_lines_that_fit_and_labels_in_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert said(monkeypatch, Terminal(), COLUMNS="30", TERM="xterm") == (
        "\x1b[33mevcli: warning:\x1b[0m each maker\n"
        "  decides what it counts\n"
        "\x1b[2mevcli: note:\x1b[0m windows differ:\n"
        "  do not compare across groups\n"
        "\x1b[2mevcli: hint:\x1b[0m see\n"
        "  https://example.org/a/very/long/address\n"
    )


def test_errors_are_red_and_problems_keep_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem("facts/makers/byd.yaml", 12, 5, "no unit is called cars", "vehicles")
    printed = {}
    for no_color in (False, True):
        monkeypatch.setattr(sys, "stderr", stream := Terminal())
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "40")
        Diagnostics(no_color=no_color).error(InvalidFacts([problem]))
        printed[no_color] = stream.getvalue()
    assert printed[False] == (
        "facts/makers/byd.yaml:12:5: no unit is\n"
        "  called cars (vehicles)\n"
        "\x1b[1;31mevcli: error:\x1b[0m 1 problem in the fact\n"
        "  files\n"
    )
    assert printed[True] == printed[False].replace("\x1b[1;31m", "").replace("\x1b[0m", "")


def test_progress_is_written_over_and_only_for_people_who_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = []
    for stream, quiet, patience in (
        (Terminal(), False, 0),
        (io.StringIO(), False, 0),
        (Terminal(), True, 0),
        (Terminal(), False, 60),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr("evcli.diagnostics._PATIENCE_S", patience)
        diagnostics = Diagnostics(quiet)
        diagnostics.progress(1, 2)
        diagnostics.progress(2, 2)
        printed.append(stream.getvalue())
    assert printed == ["\r 50 % of 2\r100 % of 2\r          \r", "", "", ""]
