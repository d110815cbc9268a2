"""The pictures of the documentation show what a terminal shows, and need nothing else."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evcli.terminal import width_of

from ..docs_scripts import script

refresh, screens = script("refresh"), script("screens")
ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "img"
PICTURES = sorted(IMAGES.glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
LINKS = re.compile(r"!\[([^]]*)\]\((?:docs/)?img/([\w-]+)\.svg\)")

every_screen = pytest.mark.parametrize("screen", screens.SCREENS, ids=lambda each: each.name)
every_picture = pytest.mark.parametrize("file", PICTURES, ids=lambda file: file.stem)


@every_screen
def test_a_picture_shows_what_comes_out(screen) -> None:
    drawn = (IMAGES / f"{screen.name}.svg").read_text("utf-8")
    assert drawn == screens.picture(screen), "run python docs/screens.py"


@every_screen
def test_every_letter_stands_where_a_terminal_has_it(screen) -> None:
    """Read back from the places in the picture alone, against what is printed without colour."""
    answer = refresh.screen(shlex.split(screen.command)[1:], COLUMNS="100", TERM="dumb")
    printed = [f"$ {screen.command}", *answer.splitlines()]
    assert max(map(width_of, printed)) <= 100  # standard error wraps as the table does
    seen = list(read_back(IMAGES / f"{screen.name}.svg"))
    if screen.lines is not None:
        assert seen[-1] == f"... and {len(printed) - 1 - screen.lines} more lines"
        seen, printed = seen[:-1], printed[: screen.lines + 1]
    assert seen == printed


def read_back(file: Path) -> Iterator[str]:
    """The rows of a picture, every text put at the column that its x says."""
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for text in ElementTree.parse(file).getroot().iter(f"{SVG}text"):
        starts = [(float(x) - 16) / 8.4 for x in text.attrib["x"].split()]
        columns = [round(start) for start in starts]
        assert max(abs(start - column) for start, column in zip(starts, columns, strict=True)) < 0.1
        words = text.text or ""
        if len(columns) > 1:  # wide letters, each at its own place, two columns on
            assert columns == [columns[0] + 2 * number for number in range(len(words))]
        elif "textLength" in text.attrib:
            assert float(text.attrib["textLength"]) == pytest.approx(8.4 * width_of(words))
        rows[round((float(text.attrib["y"]) - 11) / 19)].append((columns[0], words))
    for number in range(1, max(rows) + 1):
        line = ""
        for column, words in sorted(rows[number]):
            line += " " * (column - width_of(line)) + words
        yield line


@every_picture
def test_a_picture_is_whole_in_itself(file: Path) -> None:
    text = file.read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert re.findall(r"https?://[^\"'\s<)]*", text) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"@import|@font-face|url\(|xlink|<script|<image|<foreignObject", text) == []
    assert "\x1b" not in text
    for name in ("title", "desc"):
        assert (root.findtext(f"{SVG}{name}") or "").strip(), name


@every_screen
def test_a_picture_has_room_for_all_that_is_in_it(screen) -> None:
    root = ElementTree.parse(IMAGES / f"{screen.name}.svg").getroot()
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {width} {height}"
    for text in root.iter(f"{SVG}text"):
        first = float(text.attrib["x"].split()[0])
        assert first + 8.4 * width_of(text.text or "") <= width - 15
        assert float(text.attrib["y"]) <= height - 16


def test_pages_show_every_picture_and_say_what_is_to_be_seen() -> None:
    told = {}
    for page in refresh.pages():
        for alt, name in LINKS.findall(page.read_text("utf-8")):
            told[name] = " ".join(alt.split())
    assert {name: told.get(name) for name in (each.name for each in screens.SCREENS)} == {
        each.name: each.shows for each in screens.SCREENS
    }
    assert [file.stem for file in PICTURES if file.stem not in told] == []
    assert LINKS.findall((ROOT / "README.md").read_text("utf-8"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_process_in_a_terminal_prints_the_same() -> None:
    asked = next(each for each in screens.SCREENS if each.name == "policy")
    shown = refresh.screen(shlex.split(asked.command)[1:], COLUMNS="100", TERM="xterm-256color")
    assert "\x1b[1m" in shown
    ours, theirs = os.openpty()
    variables = os.environ | {"COLUMNS": "100", "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-m", *shlex.split(asked.command)],
        cwd=ROOT,
        env=variables,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        printed = b"".join(_until_closed(ours))
        assert process.wait(60) == 0
    os.close(ours)
    assert printed.decode().replace("\r\n", "\n") == shown


def _until_closed(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # how Linux says that nobody writes any more
            return
        if not part:
            return
        yield part


def test_a_style_that_is_not_known_is_not_drawn_as_another() -> None:
    with pytest.raises(KeyError):
        list(screens.rows("\x1b[38mred"))


def test_the_examples_of_the_scripts_are_true() -> None:
    assert doctest.testmod(screens).failed == 0
    assert doctest.testmod(refresh).failed == 0
