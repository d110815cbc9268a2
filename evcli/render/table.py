"""Columns drawn as lines: widths, wrapping and alignment, measured in terminal cells.

Only this module imports Rich, and of Rich only the cell widths: its own table takes 80 to 140 ms
for 40 rows, import included, where this takes 13, and lets the environment decide what is printed.

>>> grid([Block("what", ("比亚迪", "SAIC")), Block("cars", ("1,234", "5"), right=True)], None)
[('head', 'what     cars'), ('rule', '─────────────'), (0, '比亚迪  1,234'), (1, 'SAIC        5')]
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, chop_cells

GAP = 2
COMFORT = 18  # a text column this wide is still a pleasure to read
_WORD = 16  # longer words may be folded
_LISTED = re.compile(r"(?<=[a-z],)(?=[a-z])")  # letters of footnotes: a,b,c may break at a comma

Line = tuple[Literal["head", "rule"] | int, str]  # an int is the row that the line belongs to


@dataclass(frozen=True, slots=True)
class Block:
    """A column of the table, ready to print. What stands *right* is whole unless it *wraps*."""

    head: str
    cells: tuple[str, ...]
    right: bool = False
    wraps: bool = False

    @property
    def whole(self) -> bool:
        """Whether its cells must not be broken: they are numbers."""
        return self.right and not self.wraps


def width_of(text: str) -> int:
    """How many terminal cells *text* takes: two for 比."""
    return len(text) if text.isascii() else cell_len(text)


def comfortable(blocks: Collection[Block], width: int) -> bool:
    """Whether they fit into *width* with no text squeezed below a readable measure.

    Numbers stay whole; their heads may wrap.
    """
    needs = [_natural(block) for block in blocks]
    roomy = [
        _least(block) if block.whole else min(need, max(COMFORT, _least(block)))
        for block, need in zip(blocks, needs, strict=True)
    ]
    return sum(roomy) + GAP * (len(roomy) - 1) <= width


def grid(blocks: list[Block], width: int | None, breaks: Collection[int] = ()) -> list[Line] | None:
    """The header and all rows, with a rule before each row in *breaks*.

    None where *width* is too narrow for columns side by side; then ``stacked`` does.
    """
    widths = [_natural(block) for block in blocks]
    if width is not None:
        fitted = _fit(blocks, widths, width - GAP * (len(blocks) - 1))
        if fitted is None:
            return None
        widths = fitted
    rule = "─" * (sum(widths) + GAP * (len(widths) - 1))
    heads = _row([block.head for block in blocks], blocks, widths)
    lines: list[Line] = [*(("head", text) for text in heads), ("rule", rule)]
    for index in range(len(blocks[0].cells) if blocks else 0):
        if index in breaks:
            lines.append(("rule", rule))
        cells = _row([block.cells[index] for block in blocks], blocks, widths)
        lines.extend((index, text) for text in cells)
    return lines


def stacked(blocks: list[Block], width: int) -> list[Line]:
    """Each row as ``head: cell`` lines, for a terminal too narrow for columns."""
    lines: list[Line] = []
    for index in range(len(blocks[0].cells) if blocks else 0):
        if index:
            lines.append(("rule", "─" * width))
        for block in blocks:
            if block.cells[index].strip():
                whole = f"{block.head}: {block.cells[index].strip()}"
                lines.extend((index, text) for text in wrapped(whole, width, indent=2))
    return lines or [("head", text) for block in blocks for text in wrapped(block.head, width)]


def wrapped(text: str, width: int | None, indent: int = 0) -> list[str]:
    """*text* in lines of at most *width* cells, broken between words where that is possible.

    >>> wrapped("one two three", 8)
    ['one two', 'three']
    """
    if width is None or width_of(text) <= width:
        return [text]
    lead = width_of(text) - width_of(text.lstrip(" "))  # a tree keeps its shape where it wraps
    indent = lead + 2 if lead else indent
    roomy = width >= 2 * indent + 2
    margin = " " * (indent if roomy else 0)
    lines: list[str] = []
    line, spaces = " " * (lead if roomy else 0), 0
    for word in text.lstrip(" ").split(" "):
        if not word:
            spaces += 1  # kept within a line, dropped where a line ends
            continue
        joined = line + " " * (spaces + 1) + word if line.strip() else line + word
        spaces = 0
        if width_of(joined) <= width:
            line = joined
            continue
        if line.strip():
            lines.append(line)
            line = margin
        *full, rest = _folded(word, width - len(line))
        for part in full:
            lines.append(line + part)
            line = margin
        line += rest
    return [*lines, line] if line.strip() else lines or [""]


def hanging(label: str, text: str, width: int | None) -> list[str]:
    """*text* behind *label*, further lines indented below it where there is room for that.

    >>> hanging("a  ", "one two three", 14)
    ['a  one two', '   three']
    """
    if width is None:
        return [label + text]
    if width < 2 * len(label) + 8:
        return wrapped(label + text, width)
    first, *others = wrapped(text, width - len(label))
    return [label + first, *(" " * len(label) + line for line in others)]


def _folded(word: str, room: int) -> list[str]:
    """*word* in parts of at most *room* cells; a wide letter in a single cell stays whole."""
    if width_of(word) <= room:
        return [word]
    parts: list[str] = []
    for part in _LISTED.split(word):
        if parts and width_of(parts[-1] + part) <= room:
            parts[-1] += part
        else:
            parts += [piece for piece in chop_cells(part, max(room, 2)) if piece]
    return parts


def _row(cells: list[str], blocks: list[Block], widths: list[int]) -> Iterator[str]:
    columns = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, columns), default=0)):
        parts: list[str] = []
        for lines, block, width in zip(columns, blocks, widths, strict=True):
            text = lines[number] if number < len(lines) else ""
            fill = " " * (width - width_of(text))
            parts.append(fill + text if block.right else text + fill)
        yield (" " * GAP).join(parts).rstrip(" ")


def _natural(block: Block) -> int:
    return max(width_of(text) for text in (block.head, *block.cells))


def _longest_word(texts: Collection[str]) -> int:
    words = (word for text in texts for word in text.split(" "))
    return max((width_of(part) for word in words for part in _LISTED.split(word)), default=0)


def _least(block: Block) -> int:
    """The narrowest that is readable: whole words, save very long ones, and whole numbers."""
    if block.whole:
        return max(_longest_word((block.head,)), *(width_of(cell) for cell in block.cells), 1)
    return max(1, min(_longest_word((block.head, *block.cells)), _WORD))


def _fit(blocks: list[Block], natural: list[int], room: int) -> list[int] | None:
    """Widths that sum up to *room* at most: the widest columns give way first."""
    if sum(natural) <= room:
        return natural
    readable = [_least(block) for block in blocks]
    words = [max(1, _longest_word((block.head, *block.cells))) for block in blocks]
    for least in (readable, [min(pair) for pair in zip(readable, words, strict=True)]):
        if sum(least) <= room:
            widths = _squeezed(natural, least, room)
            return [_tight(block, width) for block, width in zip(blocks, widths, strict=True)]
    return None


def _squeezed(natural: list[int], least: list[int], room: int) -> list[int]:
    widths = [min(need, room) for need in natural]
    while sum(widths) > room:
        slack = [index for index, width in enumerate(widths) if width > least[index]]
        widths[max(slack, key=lambda index: widths[index])] -= 1
    return widths


def _tight(block: Block, width: int) -> int:
    """What *block* needs of *width* once it is wrapped."""
    texts = (block.head, *block.cells)
    return max(width_of(line) for text in texts for line in wrapped(text, width))
