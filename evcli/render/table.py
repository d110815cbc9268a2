"""The table that people read: views of the rows, units, marks, footnotes, and what fits.

What stands in a cell, which columns are shown and how wide they are is decided here; Rich draws
it. Rich is imported only here, only for the table, and draws into a string: it is given the width
and the colours, so the environment changes nothing.

A pipe gets the natural width. In a terminal optional columns are left out, the highest number
first, then text wraps; nothing is ever cut short. What is not shown is announced in the notes.

>>> from evcli.model.answer import Column, Kind
>>> answer = Answer(
...     (Column("id"), Column("value", Kind.NUMBER)),
...     [{"id": "a", "value": Fraction(855000), "basis": "derived"}],
... )
>>> print("".join(table_lines(answer)), end="")
id      value
─────────────
a   855,000 *
<BLANKLINE>
* derived: computed by evcli, see evcli explain ID
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import chain
from types import ModuleType
from typing import NamedTuple

from evcli.model.answer import (
    Answer,
    Column,
    HumanColumn,
    Kind,
    Rounding,
    Row,
    Value,
    View,
    letter,
    listed_in,
)
from evcli.model.unit import shown_unit
from evcli.terminal import THEME, painted
from evcli.text.characters import in_ascii, visible
from evcli.text.numbers import SIGNIFICANT, fixed, human, places_for, plain, scaled

Number = int | Fraction | None
Write = Callable[[int | Fraction, Rounding], str]

NUMERIC = (View.NUMBER, View.BOUNDED, View.BOUNDS, View.CHANGE, View.SHARE, View.RATIO)
# field, value, mark, and the legend under the table
_MARKS = (
    ("basis", "derived", "*", "derived: computed by evcli, see evcli explain ID"),
    ("rank", "deprecated", "†", "deprecated: known to be wrong, kept for the record"),
    ("status", "forecast", "‡", "forecast: a plan or target, not an observation"),
    ("conflict", True, "!", "what is stated and what the levels give exclude each other: see note"),
)
_IDS = ("id", "series")  # what people copy is never broken
_ORDINARY = ("normal", "preferred")  # a status or rank that needs no word
_BOUNDED = frozenset({"value", "low", "high"})
_BILLION = 10**9
_GAP = 2  # cells between columns
_COMFORT = 18  # a text column this wide is still a pleasure to read
_WORD = 16  # longer words may be folded
_LISTED = re.compile(r"(?<=[a-z],)(?=[a-z])")  # letters of footnotes: a,b,c may break at a comma
_RULED = "    \n    \n ── \n    \n ── \n    \n    \n    \n"  # rules under the head and groups


class _Shown(NamedTuple):
    """A column on its way into the table."""

    head: str
    cells: tuple[str, ...]
    right: bool = False
    whole: bool = False  # its cells are never broken
    optional: int = 0
    style: str = ""  # of the theme, for figures; "change" is up or down, cell by cell


def table_lines(
    answer: Answer,
    *,
    color: bool = False,
    width: int | None = None,
    max_rows: int = 40,
    notes: list[str] | None = None,
    ascii: bool = False,
) -> Iterator[str]:
    """The title, the table, and the footnotes; what was left out is appended to *notes*."""
    rows = answer.rows[:max_rows] if max_rows else answer.rows
    columns, footnotes = _columns(answer, rows)
    columns, legends = _marked(columns, rows)
    legends += [
        (sign, meaning)
        for sign, meaning in answer.marks.items()
        if any(sign in cell for column in columns for cell in column.cells)
    ]
    if ascii:  # before the widths are known
        columns = [each._replace(cells=tuple(map(in_ascii, each.cells))) for each in columns]
    shown, left_out = _fitted(columns, width)
    widths = _widths(shown, width)

    def lines() -> Iterator[tuple[str, str]]:
        for text in wrapped(visible(answer.title), width) if answer.title else ():
            yield text, THEME["title"]
        if widths is not None:
            yield from _drawn(shown, widths, rows, answer.group_by, color=color)
        elif width is not None:  # one below the other no column is left out
            yield from _stacked(columns, rows, width)
        if legends or footnotes:
            yield "", ""
        for label, entry in (*((f"{sign} ", meaning) for sign, meaning in legends), *footnotes):
            for text in hanging(label, entry, width):
                yield text, THEME["footnote"]

    for text, style in lines():
        text = in_ascii(text) if ascii else text
        yield f"{painted(text, style) if color else text}\n"
    if notes is None:
        return
    if left_out and widths is not None:
        notes.append(
            f"not shown in {width} columns: {', '.join(left_out)}; "
            "--fields picks columns, --format csv prints all"
        )
    if len(rows) < len(answer.rows):
        notes.append(f"{len(rows):,} of {len(answer.rows):,} rows shown; --format csv prints all")


# --- what stands in the columns -----------------------------------------------------------------


def _note(view: HumanColumn, row: Row) -> str:
    """The note and what else is not normal, save what a mark says already."""
    first, *others = (row.get(name) for name in view.fields)
    marked = {(name, value) for name, value, _, _ in _MARKS}
    parts = [first] + [
        value
        for name, value in zip(view.fields[1:], others, strict=True)
        if value not in _ORDINARY and (name, value) not in marked
    ]
    return visible("; ".join(part for part in parts if isinstance(part, str) and part))


def _columns(answer: Answer, rows: Sequence[Row]) -> tuple[list[_Shown], list[tuple[str, str]]]:
    """The columns, and the footnotes that they refer to: notes by number, sources by letter."""
    if not answer.views:
        return [_field(column, rows) for column in answer.columns], []
    rows = [_in_billions(row, answer.views) for row in rows]
    shown: list[_Shown] = []
    letters: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for view in answer.views:
        if view.view is View.SOURCES:
            sources = [listed_in(row, view.fields[0]) for row in rows]
            for source in chain.from_iterable(sources):
                letters.setdefault(source, letter(len(letters)))
            # narrow, and no number may leave without its source: only dropped when empty
            cells = tuple(",".join([letters[source] for source in each]) for each in sources)
            column = _Shown(visible(view.head), cells)
        elif view.view is View.NOTES:
            notes = [_note(view, row) for row in rows]
            for note in filter(None, notes):
                numbers.setdefault(note, str(len(numbers) + 1))
            column = _Shown(visible(view.head), tuple(numbers.get(note, "") for note in notes))
        else:
            column = _view(view, rows)
        vanishes = view.optional or view.view is View.NOTES
        if not vanishes or any(column.cells):
            shown.append(column)
    footnotes = [(f"{number}  ", note) for note, number in numbers.items()]
    for source, name in letters.items():
        title = answer.footnotes.get(source, "")
        footnotes.append((f"{name}  ", visible(f"{source}  {title}".rstrip())))
    return shown, footnotes


def _in_billions(row: Row, views: Sequence[HumanColumn]) -> Row:
    """The row with amounts from a billion up in billions, and ``bn`` before their unit."""
    scaled: dict[str, Value] = {}
    for name in dict.fromkeys(view.unit_from for view in views if view.unit_from):
        fields = {field for view in views if view.unit_from == name for field in view.fields}
        fields |= {f for v in views if v.view is View.BOUNDS and not v.unit_from for f in v.fields}
        lead = next(row.get(view.fields[0]) for view in views if view.unit_from == name)
        if isinstance(lead, (int, Fraction)) and abs(Fraction(lead)) >= _BILLION:
            for field in fields:
                number = row.get(field)
                if isinstance(number, (int, Fraction)):
                    scaled[field] = Fraction(number) / _BILLION
            scaled[name] = f"bn {row.get(name) or ''}".rstrip()
    return {**row, **scaled} if scaled else row


def _field(column: Column, rows: Sequence[Row]) -> _Shown:
    unit_from = column.unit_from if column.kind is Kind.NUMBER else ""
    head, cells = with_unit(column.name, partial(display, column), unit_from, rows)
    if column.kind not in (Kind.NUMBER, Kind.CHANGE):
        return _Shown(head, cells)
    style = "number" if column.rounding is Rounding.NEAREST else "bounds"
    style = "change" if column.kind is Kind.CHANGE else style
    return _Shown(head, cells, right=True, whole=True, style=style)


def _view(view: HumanColumn, rows: Sequence[Row]) -> _Shown:
    unit_from = "" if view.view in (View.CHANGE, View.SHARE) else view.unit_from
    head, cells = with_unit(view.head, partial(show, view), unit_from, rows)
    style = "number" if view.view in (*NUMERIC, View.AMOUNT) else ""
    style = {View.BOUNDS: "bounds", View.CHANGE: "change"}.get(view.view, style)
    right = bool(style) or view.view in (View.POSITION, View.DRAWN)
    whole = (right and view.view is not View.AMOUNT) or view.fields[0] in _IDS
    return _Shown(head, cells, right, whole, view.optional, style)


def with_unit(
    head: str, cell: Callable[[Row], str], unit_from: str, rows: Sequence[Row]
) -> tuple[str, tuple[str, ...]]:
    """The unit in the head where all cells that are not empty share it, else in the cells."""
    cells = tuple([cell(row) for row in rows])
    if not unit_from:
        return visible(head), cells
    units = [_unit(row, unit_from) if text else "" for row, text in zip(rows, cells, strict=True)]
    used = {unit for unit, text in zip(units, cells, strict=True) if text}
    if len(used) == 1:
        (only,) = used
        return visible(f"{head} ({only})" if only else head), cells
    return visible(head), tuple(
        [f"{text} {unit}".rstrip(" ") for text, unit in zip(cells, units, strict=True)]
    )


def _unit(row: Row, name: str) -> str:
    unit = row.get(name)
    return visible(shown_unit(unit)) if isinstance(unit, str) else ""


def _marked(
    columns: list[_Shown], rows: Sequence[Row]
) -> tuple[list[_Shown], list[tuple[str, str]]]:
    """Put the marks behind the first number of a row, or its first text; return the legends."""
    figures = [bool(each.style) and each.whole for each in columns]
    order = sorted(range(len(columns)), key=lambda index: not figures[index])
    used: set[str] = set()
    suffixes: list[dict[int, str]] = [{} for _ in columns]  # by row
    for number, row in enumerate(rows):
        marks = [mark for name, value, mark, _ in _MARKS if row.get(name) == value]
        place = next((index for index in order if columns[index].cells[number]), None)
        if marks and place is not None:
            suffixes[place][number] = " " + "".join(marks)
            used.update(marks)
    marked = []
    for column, by_row in zip(columns, suffixes, strict=True):
        room = max(map(len, by_row.values()), default=0) if column.right else 0
        cells = tuple(
            text and text + by_row.get(number, "").ljust(room)
            for number, text in enumerate(column.cells)
        )
        marked.append(column._replace(cells=cells))
    return marked, [(mark, legend) for _, _, mark, legend in _MARKS if mark in used]


# --- what fits ----------------------------------------------------------------------------------


def _fitted(columns: list[_Shown], width: int | None) -> tuple[list[_Shown], list[str]]:
    """The columns without optional ones, the highest number first, until the rest is comfortable;
    and the heads of those that are left out.
    """
    kept = list(columns)
    left_out: list[str] = []
    while width is not None and not _comfortable(kept, width):
        least = max(kept, key=lambda column: column.optional)
        if not least.optional:
            break
        kept.remove(least)
        left_out.append(least.head)
    return kept, left_out


def _comfortable(columns: list[_Shown], width: int) -> bool:
    """Whether they fit into *width* with no text squeezed below a readable measure.

    Numbers stay whole; their heads may wrap.
    """
    roomy = [
        _least(each) if each.whole else min(_natural(each), max(_COMFORT, _least(each)))
        for each in columns
    ]
    return sum(roomy) + _GAP * (len(roomy) - 1) <= width


def _widths(columns: list[_Shown], width: int | None) -> list[int] | None:
    """A width for each column, the widest give way first; None where *width* is too narrow for
    columns side by side.
    """
    natural = [_natural(each) for each in columns]
    room = sum(natural) if width is None else width - _GAP * (len(columns) - 1)
    if sum(natural) <= room:
        return natural
    readable = [_least(each) for each in columns]
    words = [max(1, _longest_word((each.head, *each.cells))) for each in columns]
    for least in (readable, [min(pair) for pair in zip(readable, words, strict=True)]):
        if sum(least) <= room:
            widths = [min(need, room) for need in natural]
            while sum(widths) > room:
                slack = [index for index, each in enumerate(widths) if each > least[index]]
                widths[max(slack, key=lambda index: widths[index])] -= 1
            return [_tight(each, given) for each, given in zip(columns, widths, strict=True)]
    return None


def _natural(column: _Shown) -> int:
    return max(width_of(text) for text in (column.head, *column.cells))


def _least(column: _Shown) -> int:
    """The narrowest that is readable: whole words, save very long ones, and whole numbers."""
    if column.whole:
        return max(_longest_word((column.head,)), *(width_of(cell) for cell in column.cells), 1)
    return max(1, min(_longest_word((column.head, *column.cells)), _WORD))


def _longest_word(texts: Collection[str]) -> int:
    words = (word for text in texts for word in text.split(" "))
    return max((width_of(part) for word in words for part in _LISTED.split(word)), default=0)


def _tight(column: _Shown, width: int) -> int:
    """What *column* needs of *width* once it is wrapped."""
    texts = (column.head, *column.cells)
    return max(width_of(line) for text in texts for line in wrapped(text, width))


# --- drawing ------------------------------------------------------------------------------------


def _drawn(
    columns: list[_Shown], widths: list[int], rows: Sequence[Row], group_by: str, *, color: bool
) -> Iterator[tuple[str, str]]:
    """The head and all rows as Rich draws them, with a rule before each group but the first; and
    the styles of rules, which Rich would give to the gaps between columns, too.
    """
    from io import StringIO

    from rich.box import Box
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=Box(_RULED),
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP - 1, 0, 0),
        header_style="",
    )
    heads = [wrapped(each.head, width) for each, width in zip(columns, widths, strict=True)]
    tallest = max(map(len, heads), default=0)
    for column, head, width in zip(columns, heads, widths, strict=True):
        text = Text("\n".join(head) + "\n" * (tallest - len(head)))  # Rich has it at the bottom
        text.stylize(THEME["head"])
        table.add_column(
            text, width=width, justify="right" if column.right else "default", overflow="fold"
        )

    def cell(column: _Shown, width: int, index: int, row: Row) -> Text | Padding:
        whole = "\n".join(wrapped(column.cells[index], width))
        text = whole.rstrip(" ")
        drawn = Text(text)
        if color:
            bounds = len(text.partition("[")[0]) if column.style else len(text)
            drawn.stylize(_style(column, index, row), 0, bounds)
            drawn.stylize(THEME["bounds"], bounds)
        # the room for the marks of other rows, which Rich strips
        room = len(whole) - len(text) if column.right and text else 0
        return Padding(drawn, (0, room, 0, 0)) if room else drawn

    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else row
        table.add_row(
            *(cell(each, width, index, row) for each, width in zip(columns, widths, strict=True)),
            end_section=bool(group_by) and row.get(group_by) != following.get(group_by),
        )
    page = StringIO()
    console = Console(  # cells are Text: there is no markup in them, and nothing is highlighted
        file=page,
        width=sum(widths) + _GAP * (len(widths) - 1),
        height=1,
        color_system="standard" if color else None,
        force_terminal=color,
        force_jupyter=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(table)
    for line in page.getvalue().removesuffix("\n").split("\n"):
        yield line.rstrip(" "), "" if line.strip("─") else THEME["frame"]


def _stacked(columns: list[_Shown], rows: Sequence[Row], width: int) -> Iterator[tuple[str, str]]:
    """Each row as ``head: cell`` lines with their styles, where columns do not fit."""
    for index, row in enumerate(rows):
        if index:
            yield "─" * width, THEME["frame"]
        for column in columns:
            if text := column.cells[index].strip():
                for part in wrapped(f"{column.head}: {text}", width, indent=2):
                    yield part, _style(column, index, row)
    for column in () if rows else columns:
        for part in wrapped(column.head, width):
            yield part, THEME["head"]


def _style(column: _Shown, index: int, row: Row) -> str:
    """The style of a cell by what it holds and by the standing of its row."""
    if not column.cells[index]:
        return ""
    if row.get("rank") == "deprecated":
        return THEME["deprecated"]
    style = column.style
    if style == "change":
        change = column.cells[index].partition(" [")[0]
        up, down = "+" in change, "-" in change or change.startswith("down ")
        style = "" if up == down else "up" if up else "down"
    derived = THEME["derived"] if row.get("basis") == "derived" else ""
    return f"{derived} {THEME.get(style, '')}".strip()


# --- wrapping -----------------------------------------------------------------------------------


def width_of(text: str) -> int:
    """How many terminal cells *text* takes: two for 比."""
    return len(text) if text.isascii() else _cells().cell_len(text)


@cache
def _cells() -> ModuleType:
    """Rich's widths of letters, those of the newest Unicode whatever ``UNICODE_VERSION`` says."""
    from rich import cells

    named = os.environ.pop("UNICODE_VERSION", None)
    cells.cell_len("比")  # Rich looks at the environment once
    if named is not None:
        os.environ["UNICODE_VERSION"] = named
    return cells


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
        while width_of(word) > width - len(line):
            part = _beginning(word, width - len(line))
            lines.append(line + part)
            line, word = margin, word[len(part) :]
        line += word
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


def _beginning(word: str, room: int) -> str:
    """What of *word* goes into *room* cells; a wide letter goes into a single one, too."""
    fits = ""
    for part in _LISTED.split(word):
        if width_of(fits + part) > room:
            break
        fits += part
    return fits or next(filter(None, _cells().chop_cells(word, max(room, 2))))


# --- what stands in a cell ----------------------------------------------------------------------


def display(column: Column, row: Row) -> str:
    """The field of *column* for people: the digits of the CSV, but percentages with one decimal,
    and a value and its bounds no finer than these tell.
    """
    value = row.get(column.name)
    if isinstance(value, str) or value is None:
        return visible(value or "")
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if column.kind is Kind.CHANGE:
            return f"{_percent(value, column.rounding, signed=True)} %"
        places = None
        if column.name in _BOUNDED:  # no finer than the width of the bounds tells
            places = _places(_number(row.get("low")), _number(row.get("high")))
            if places is not None and row.get("unit") == "percent":
                places = max(1, places)
        return human(value, places, column.rounding)
    return _text(value)


def show(column: HumanColumn, row: Row) -> str:
    """The cell of *column*; empty where nothing is known."""
    values = [row.get(name) for name in column.fields]
    write = _WRITERS.get(column.view)
    if write is None:
        lists = column.view in (View.LIST, View.SOURCES)
        return _text(values[0], separator=", " if lists else " ")
    value, low, high = [*values, None, None][:3]  # a view of fewer fields has no bounds
    if column.view is View.CHANGE and (low is None) != (high is None):
        return _open_change(_number(low if high is None else high), low is None, values[3:])
    return write(_number(value), _number(low), _number(high))


def _bounded(value: Number, low: Number, high: Number) -> str:
    """The value; "at least" or "at most" where it is one end and the other is open."""
    places = _places(low, high)
    text = _without_value(value, low, high, lambda end, rounding: human(end, places, rounding))
    if text is not None:
        return text
    assert value is not None
    return human(value, places)


def _bounds(low: Number, high: Number, value: Number) -> str:
    """Both ends, rounded outward; empty for an exact number and for one without any bound.

    Bounds that lie the same way on both sides of the *value* are shown as ``±500``.
    """
    places = _places(low, high)
    if low is None:
        return "" if high is None else f"≤ {human(high, places, Rounding.UP)}"
    if high is None:
        return f"≥ {human(low, places, Rounding.DOWN)}"
    if low == high:
        return ""
    if value is not None and high - value == value - low:
        half = high - value
        return f"±{human(half, places_for(Fraction(0), half), Rounding.UP)}"
    dash = " to " if low < 0 else "\N{EN DASH}"
    return f"{human(low, places, Rounding.DOWN)}{dash}{human(high, places, Rounding.UP)}"


def _places(low: Number, high: Number) -> int | None:
    """Decimals that the bounds justify; with one end open, few for a number that never ends."""
    known = low if low is not None else high
    if known is None or (low is not None and high is not None):
        return places_for(low, high)
    size = abs(Fraction(known))
    if (size * 1000).denominator == 1:
        return None
    return 1 if size >= 10 else 2 if size >= 1 else 4


def _change(value: Number, low: Number, high: Number, *, signed: bool) -> str:
    """A percentage with one decimal, none where it is whole and its bounds justify no more."""
    text = _without_value(value, low, high, partial(_percent, signed=signed))
    if text is not None:
        return text and f"{text} %"
    assert value is not None
    coarse = low is None or high is None or high - low >= 1
    places = 0 if coarse and value == int(value) else 1
    unsigned = partial(_percent, signed=False)
    return f"{fixed(value, places, signed=signed)} %{_brackets(value, low, high, places, unsigned)}"


def _open_change(end: Number, below: bool, words: Sequence[Value]) -> str:
    """A growth with an open end: ``over +100 %``, ``down nearly 50 %``, never "at least -50 %".

    The word in front speaks of the size of a change; without one the sign says which way.
    """
    from evcli.text.lexicon import in_english

    assert end is not None
    word = in_english(str(words[0])) if words else ""
    computed = "at most" if below else "at least"
    rounding = Rounding.UP if below else Rounding.DOWN
    if end < 0 and word not in ("", computed):
        return f"down {word} {_percent(-end, rounding, signed=False)} %"
    front = word or computed
    if end < 0:
        front = "not above" if below else "not below"
    return f"{front} {_percent(end, rounding, signed=True)} %"


def _ratio(value: Number, low: Number, high: Number) -> str:
    """A quotient with two decimals, more for one so small that they would say little."""
    places = 2
    known = next((each for each in (value, low, high) if each), None)
    while known and abs(known) * 10**places < 100 and places < SIGNIFICANT:
        places += 1

    def write(number: int | Fraction, rounding: Rounding) -> str:
        return human(number, places, rounding)

    text = _without_value(value, low, high, write)
    if text is not None:
        return text
    assert value is not None
    return write(value, Rounding.NEAREST) + _brackets(value, low, high, places, write)


def _without_value(value: Number, low: Number, high: Number, write: Write) -> str | None:
    """What to show where the bounds say it all; None where a value stands between them."""
    if value is None and low is not None and high is not None:
        if low == high:
            return write(low, Rounding.NEAREST)
        return f"{write(low, Rounding.DOWN)} to {write(high, Rounding.UP)}"
    if low is not None and high is None and value in (None, low):
        return f"at least {write(low, Rounding.DOWN)}"
    if high is not None and low is None and value in (None, high):
        return f"at most {write(high, Rounding.UP)}"
    return "" if value is None else None


def _brackets(value: int | Fraction, low: Number, high: Number, places: int, write: Write) -> str:
    """The bounds, unless everything within them rounds to what is shown."""
    if low is None:
        return "" if high is None else f" [≤ {write(high, Rounding.UP)}]"
    if high is None:
        return f" [≥ {write(low, Rounding.DOWN)}]"
    shown = Fraction(scaled(value, places, Rounding.NEAREST), 10**places)
    half = Fraction(1, 2 * 10**places)
    if shown - half <= low and high <= shown + half:
        return ""
    return f" [{write(low, Rounding.DOWN)}, {write(high, Rounding.UP)}]"


def _position(value: Number, best: Number, worst: Number) -> str:
    """A place in a ranking, with the places that the bounds allow where there are several."""
    if value is None:
        return ""
    if best is None or worst is None or best == worst:
        return human(value)
    return f"{human(value)} ({human(best)}-{human(worst)})"


def _percent(value: int | Fraction, rounding: Rounding, *, signed: bool) -> str:
    """One decimal, or none for a whole number."""
    return fixed(value, 0 if value == int(value) else 1, rounding, signed=signed)


def _text(value: Value, separator: str = " ") -> str:
    if isinstance(value, tuple):
        return visible(separator.join(value))
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return human(value)
    return visible(plain(value))


def _number(value: Value) -> Number:
    if value is None or (isinstance(value, (int, Fraction)) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a number belongs here, not {value!r}")


# how views of numbers write value, low and high; BOUNDS is given low, high and value
_WRITERS: dict[View, Callable[[Number, Number, Number], str]] = {
    View.NUMBER: lambda value, _low, _high: "" if value is None else human(value),
    View.BOUNDED: _bounded,
    View.BOUNDS: _bounds,
    View.RATIO: _ratio,
    View.POSITION: _position,
    View.CHANGE: partial(_change, signed=True),
    View.SHARE: partial(_change, signed=False),
}
