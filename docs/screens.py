"""Makes the pictures of the documentation: ``python docs/screens.py``.

Each is what a terminal of 100 columns shows after the command, drawn as SVG: letters stay letters
that can be searched and copied, every word stands at its own column whatever font the reader has,
and the colours follow a light or a dark reader. A test holds the pictures to what comes out now.
"""

from __future__ import annotations

import itertools
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # this checkout, not an evcli that is installed

from evcli.terminal import width_of  # noqa: E402
from refresh import screen  # noqa: E402


class Screen(NamedTuple):
    """A picture: its file in docs/img, the command, what is to be seen, how many lines of it."""

    name: str
    command: str
    shows: str
    lines: int | None = None


SEEDS = "--no-builtin --facts seeds --facts facts/seeds"
SCREENS = (
    Screen(
        "exports",
        "evcli exports --year 2025",
        "A table of China's exports in 2025: all vehicles, new-energy vehicles and others as CAAM, "
        "the customs and CPCA count them, each with bounds, growth on the year before and the "
        "number of sources",
    ),
    Screen(
        "explain",
        f"evcli explain cn.exports.all.caam@2025-06 {SEEDS}",
        "Where the figure for June 2025, which no source states, comes from: a tree from the "
        "formula, the half-year less January to May, down to the two facts as they are written, "
        "their documents and paragraphs",
    ),
    Screen(
        "plants",
        "evcli plants hungary",
        "A table of the Chinese plants in Hungary: maker, town, status, start, capacity and "
        "investment, plans marked as plans",
    ),
    Screen(
        "policy",
        "evcli policy eu --on 2026-03-01",
        "A table of the trade measures of the EU in force on 1 March 2026: the countervailing duty "
        "of each maker on top of the ordinary 10 %, from when until when, and one price "
        "undertaking",
    ),
    Screen(
        "check",
        f"evcli check 'cn.exports.*v.*' --include-deprecated {SEEDS}",
        "Two findings of the audit: what two documents say of the same exports cannot both be "
        "true, with the least that would have to be set aside",
    ),
    Screen(
        "find",
        "evcli find 奇瑞 --limit 6",
        "What is known by the Chinese name of Chery: the maker, its brands, plants and series",
    ),
)

COLUMNS = 100
CELL, LINE, MARGIN = 8.4, 19, 16  # in pixels: a letter's width and height, and the edge
IMAGES = ROOT / "docs" / "img"
# the styles of evcli's theme; green is the prompt, too
_SGR = {"1": "b", "2": "d", "3": "i", "31": "r", "32": "g", "33": "y"}
_BOLD, _PROMPT, _RESET = "\x1b[0;1m", "\x1b[32m", "\x1b[0m"
_STYLE = """\
text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", \
monospace; fill: #1f2328 }
rect { fill: #ffffff; stroke: #d1d9e0 }
.b { font-weight: 600 } .d { fill: #59636e } .i { font-style: italic } .w { font-size: 16px }
.g { fill: #1a7f37 } .r { fill: #cf222e } .y { fill: #9a6700 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } rect { fill: #0d1117; stroke: #3d444d }
.d { fill: #9198a1 } .g { fill: #3fb950 } .r { fill: #f85149 } .y { fill: #d29922 }
}
"""


class Run(NamedTuple):
    """Letters of one style and one width that stand together, from a column on."""

    column: int
    text: str
    style: str

    @property
    def cells(self) -> int:
        """How many columns they take."""
        return width_of(self.text)


def picture(each: Screen) -> str:
    """The SVG of a screen."""
    shown = screen(
        shlex.split(each.command)[1:], COLUMNS=str(COLUMNS), TERM="xterm-256color"
    ).splitlines()
    asked = f"{_PROMPT}$ {_BOLD}{each.command}{_RESET}"
    lines = [row for line in (asked, *shown[: each.lines]) for row in rows(line)]
    if each.lines is not None and len(shown) > each.lines:
        lines.append([Run(0, f"... and {len(shown) - each.lines} more lines", "d i")])
    return _svg(each, lines)


def rows(line: str) -> Iterator[list[Run]]:
    r"""What one line of output is on the screen: one row, or more where it is too long.

    >>> list(rows("\x1b[1mBYD  \u6bd4\u4e9a\u8fea\x1b[0m"))
    [[Run(column=0, text='BYD', style='b'), Run(column=5, text='比亚迪', style='b')]]
    """
    row: list[tuple[str, str]] = []
    used = 0
    for letter, style in _letters(line):
        if used + width_of(letter) > COLUMNS:
            yield list(_runs(row))
            row, used = [], 0
        row.append((letter, style))
        used += width_of(letter)
    yield list(_runs(row))


def _letters(line: str) -> Iterator[tuple[str, str]]:
    """Each letter with the style that is on when it is printed."""
    on: list[str] = []
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        if part.startswith("\x1b["):
            for code in part[2:-1].split(";"):
                on = [*on, _SGR[code]] if code not in ("", "0") else []
        else:
            yield from ((letter, " ".join(on)) for letter in part)


def _runs(row: Sequence[tuple[str, str]]) -> Iterator[Run]:
    """Words and phrases; two spaces part them, and so does a change of width."""
    column = 0
    for (style, _), group in itertools.groupby(row, lambda each: (each[1], width_of(each[0]) > 1)):
        text = "".join(letter for letter, _ in group)
        for phrase in re.finditer(r"\S+(?: \S+)*", text):
            yield Run(column + width_of(text[: phrase.start()]), phrase[0], style)
        column += width_of(text)


def _svg(each: Screen, lines: Sequence[Sequence[Run]]) -> str:
    width = round(COLUMNS * CELL + 2 * MARGIN)
    height = len(lines) * LINE + 2 * MARGIN
    texts = "\n".join(
        _text(run, MARGIN + (number + 1) * LINE - 5)
        for number, line in enumerate(lines)
        for run in line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">\n'
        f"<title>{escape(each.command)}</title>\n<desc>{escape(each.shows)}.</desc>\n"
        f"<style>\n{_STYLE}</style>\n"
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>\n'
        f"{texts}\n</svg>\n"
    )


def _text(run: Run, y: int) -> str:
    """A run of text; wide letters have a place each, for few fonts have them two columns wide."""
    left, each = MARGIN + run.column * CELL, run.cells * CELL / len(run.text)
    wide = each > CELL
    names = " ".join(filter(None, (run.style, "w" if wide else "")))
    attributes = f' class="{names}"' if names else ""
    if wide:
        places = " ".join(f"{left + number * each:.1f}" for number in range(len(run.text)))
        attributes += f' x="{places}" y="{y}"'
    else:
        attributes += f' x="{left:.1f}" y="{y}" textLength="{run.cells * CELL:.1f}"'
    return f"<text{attributes}>{escape(run.text)}</text>"


def main() -> int:
    """Draw every picture anew; the names of those that have changed on stdout."""
    IMAGES.mkdir(exist_ok=True)
    for each in SCREENS:
        file = IMAGES / f"{each.name}.svg"
        drawn = picture(each)
        if not file.exists() or file.read_text("utf-8") != drawn:
            file.write_text(drawn, "utf-8", newline="\n")
            sys.stdout.write(f"{file.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
