"""The table that people read: a title with the unit, rows of one line, at most three lines below.

What stands in a cell, which columns are shown and how wide they are is decided here; Rich draws
it. Rich is imported only here, only for the table, and draws into a string: it is given the width
and the colours, so the environment changes nothing.

A pipe gets the natural width. In a terminal columns leave, the number of sources first, then
exactness, growth never; then text wraps. Nothing is ever cut short. Notes and sources are counted
under the table, and listed where people want them.

>>> from evcli.model.answer import Column, Kind
>>> answer = Answer(
...     (Column("id"), Column("value", Kind.NUMBER)),
...     [{"id": "a", "value": Fraction(855000), "basis": "derived"}],
...     title="Exports",
... )
>>> print("".join(table_lines(answer, Options())), end="")
Exports
<BLANKLINE>
id      value
─────────────
a   855,000 *
<BLANKLINE>
* derived
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cache, partial
from itertools import chain
from math import ceil, floor
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
from evcli.model.period import PeriodError, parse_period
from evcli.model.unit import shown_unit
from evcli.render import Options
from evcli.terminal import THEME, painted
from evcli.text.characters import in_ascii, visible
from evcli.text.numbers import SIGNIFICANT, fixed, human, places_for, plain, scaled
from evcli.text.rounding import power_below

Number = int | Fraction | None
Write = Callable[[int | Fraction, Rounding], str]

NUMERIC = (View.NUMBER, View.BOUNDED, View.BOUNDS, View.CHANGE, View.SHARE, View.RATIO)
UNCERTAIN = "not known closely"  # bounds wider than a factor of two
# field, value, and the mark with what it means
_MARKS = (
    ("basis", "derived", "*", "derived"),
    ("rank", "deprecated", "†", "deprecated"),
    ("status", "forecast", "‡", "plan"),
    ("status", "provisional", "p", "provisional"),
    ("status", "estimated", "e", "estimated"),
    ("conflict", True, "!", "stated and computed growth exclude each other"),
)
_BEHIND = re.compile(r" [*†‡+!pe]+$")  # marks behind a number, in ASCII too
_ORDINARY = ("normal", "preferred")  # a status or rank that needs no word
_BOUNDED = frozenset({"value", "low", "high"})
_ROUGH = 20  # percent between the bounds of a change that is known but roughly
_WHOLE = ("vehicles",)  # there are no parts of them
_BILLION = 10**9
_GAP = 2  # cells between columns
_COMFORT = 18  # a text column this wide is still a pleasure to read
_WORD = 16  # longer words may be folded
_SCREEN = 80  # columns
_LAST_LINES = 3  # on such a screen
_SEPARATOR = " · "
_AT_ONCE = 100  # columns that leave this early leave before any text wraps
_LISTED = re.compile(r"(?<=[a-z],)(?=[a-z])")  # letters of footnotes: a,b,c may break at a comma
_RULED = "    \n    \n ── \n    \n ── \n    \n    \n    \n"  # rules under the head and groups


class _Shown(NamedTuple):
    """A column on its way into the table."""

    head: str
    cells: tuple[str, ...]
    right: bool = False
    whole: bool = False  # its cells are never broken
    leaves: int = 0  # in a narrow terminal the highest number first; 0 never
    style: str = ""  # of the theme, for figures; "change" is up or down, cell by cell
    once: bool = False  # what the row above says, too, is blank


class _Listed(NamedTuple):
    """What stands below: the notes of rows by number, the sources by letter."""

    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def table_lines(answer: Answer, options: Options) -> Iterator[str]:
    """The title, the table, at most three lines on it, and what *options* want listed."""
    color, width, ascii = options.color, options.width, options.ascii
    rows = answer.rows
    if answer.screen is not None:
        rows = [rows[index] for index in answer.screen]
    unit, columns, listed = _columns(answer, rows, options)
    columns, legends = _marked(columns, rows)
    legends += [
        f"{sign} {meaning}"
        for sign, meaning in answer.marks.items()
        if any(sign in cell for column in columns for cell in column.cells)
    ]
    if ascii:  # before the widths are known
        columns = [each._replace(cells=tuple(map(in_ascii, each.cells))) for each in columns]
    shown, gone = _fitted(columns, width)
    widths = _widths(shown, width)

    def lines() -> Iterator[tuple[str, str]]:
        across = _across(widths) if widths else 0
        yield from _title(answer.title, unit, across, width)
        if widths is not None:
            yield from _drawn(shown, widths, rows, answer.group_by, color=color)
        elif width is not None:  # one below the other there is room for all
            gone.clear()
            yield from _stacked([each for each in columns if each.leaves <= _AT_ONCE], rows, width)
        more = [*answer.more.split(_SEPARATOR)] if answer.more else []
        if len(rows) < len(answer.rows):
            more.append(f"{len(rows):,} of {len(answer.rows):,} rows: --all")
        counts = _counts(answer, rows, listed, options)
        last = _last_lines(visible(answer.caution), legends, counts, more, gone, width or _SCREEN)
        for part in (last, _lists(answer, listed, options, width)):
            lines = list(part)
            yield from [("", ""), *lines] if lines else ()

    for text, style in lines():
        text = in_ascii(text) if ascii else text
        yield f"{painted(text, style) if color else text}\n"


def _title(title: str, unit: str, across: int, width: int | None) -> Iterator[tuple[str, str]]:
    """The title and, at the right edge of the table, the unit; an empty line below."""
    title = visible(title)
    if not (title or unit):
        return
    room = max(across, width_of(title) + _GAP + width_of(unit))
    room = room if width is None else min(room, width)
    beside = room - _GAP - width_of(unit)
    if unit and beside < min(_COMFORT, width_of(title)):  # too narrow for both
        title, unit = f"{title} ({unit})".lstrip(), ""
    first, *others = wrapped(title, beside if unit else width)
    yield first + unit.rjust(room - width_of(first) if unit else 0), THEME["title"]
    for line in others:
        yield line, THEME["title"]
    yield "", ""


# --- the lines below ----------------------------------------------------------------------------


def _counts(answer: Answer, rows: Sequence[Row], listed: _Listed, options: Options) -> list[str]:
    """How many notes and sources there are, where they are not listed."""
    numbers = (
        (options.lists_notes, len(listed.notes) + len(answer.notes), "note", "-n"),
        (options.lists_sources, len(listed.sources), "source", "-s"),
    )
    return [
        f"{count:,} {word}{'s' * (count != 1)}: {option}"
        for is_listed, count, word, option in numbers
        if count and rows and not is_listed
    ]


def _last_lines(
    caution: str, legends: list[str], counts: list[str], more: list[str], gone: list[str], room: int
) -> Iterator[tuple[str, str]]:
    """What must not be mixed, then marks, counts and what else is known, in at most three lines.

    Where there is not room for all, first the heads of columns that are *gone* are left out, then
    what else is known, from its end; a narrow terminal has more lines of fewer letters.
    """
    most = -(-_LAST_LINES * _SCREEN // min(room, _SCREEN))
    first = wrapped(caution, room) if caution else []
    more = [visible(each) for each in more]
    narrow = [f"no room for {', '.join(gone)}"] if gone else []
    while True:
        others = _packed([*legends, *counts, *more, *narrow], room)
        if len(first) + len(others) <= most or not (more or narrow):
            break
        if narrow:
            narrow = []
        else:
            more.pop(-2 if len(more) > 1 and more[-1].endswith("--all") else -1)
    yield from ((line, "") for line in first)
    yield from ((line, THEME["footnote"]) for line in others)


def _packed(parts: Sequence[str], room: int) -> list[str]:
    """The parts in as few lines as they need."""
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]}{_SEPARATOR}{part}" if lines else part
        if lines and width_of(joined) <= room:
            lines[-1] = joined
        else:
            lines += wrapped(part, room)
    return lines


def _lists(
    answer: Answer, listed: _Listed, options: Options, width: int | None
) -> Iterator[tuple[str, str]]:
    """Notes on rows, notes on the answer, sources, and the command in ids."""
    entries: list[tuple[str, str]] = []
    if options.lists_notes or not answer.rows:  # where there is no row the notes say why
        entries += [(f"{number}  ", note) for number, note in enumerate(listed.notes, 1)]
        entries += [("·  ", visible(note)) for note in answer.notes]
    if options.lists_sources:
        for index, source in enumerate(listed.sources):
            title = answer.footnotes.get(source, "")
            entries.append((f"{letter(index)}  ", visible(f"{source}  {title}".rstrip())))
    if options.verbose and options.in_ids:
        entries.append(("", f"in ids: {options.in_ids}"))
    for label, entry in entries:
        for text in hanging(label, entry, width):
            yield text, THEME["footnote"]


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


def _columns(
    answer: Answer, rows: Sequence[Row], options: Options
) -> tuple[str, list[_Shown], _Listed]:
    """The unit of the title, the columns, and what their numbers and letters refer to."""
    if not answer.views:
        by_column = [(each, each.unit_from) for each in answer.columns if each.kind is Kind.NUMBER]
        unit = _common_unit(answer, rows, [((each.name,), unit) for each, unit in by_column])
        return unit, [_field(column, rows, bool(unit)) for column in answer.columns], _Listed()
    views = _with_periods(answer.views, rows)
    rows = [_in_billions(row, views) for row in rows]
    unit = _common_unit(
        answer, rows, [(each.fields, each.unit_from) for each in views if _has_unit(each)]
    )
    shown: list[_Shown] = []
    letters: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for view in views:
        if view.view is View.SOURCES:
            sources = [listed_in(row, view.fields[0]) for row in rows]
            for source in chain.from_iterable(sources):
                letters.setdefault(source, letter(len(letters)))
            if options.lists_sources:  # then no number may leave without its source
                cells = tuple(",".join([letters[source] for source in each]) for each in sources)
                shown.append(_Shown("sources", cells))
            elif letters:
                cells = tuple(str(len(each) or "") for each in sources)
                shown.append(_Shown("sources", cells, True, True, 2 * _AT_ONCE))
        elif view.view is View.NOTES:
            notes = [_note(view, row) for row in rows]
            for note in filter(None, notes):
                numbers.setdefault(note, str(len(numbers) + 1))
            if numbers and options.lists_notes:
                cells = tuple(numbers.get(note, "") for note in notes)
                shown.append(_Shown(visible(view.head), cells))
        else:
            column = _view(view, rows, bool(unit), brief=not options.verbose)
            vanishes = view.optional or view.view in (View.CHANGE, View.BOUNDS)
            if not vanishes or any(column.cells):
                shown.append(column)
    return unit, shown, _Listed(tuple(numbers), tuple(letters))


def _with_periods(views: Sequence[HumanColumn], rows: Sequence[Row]) -> list[HumanColumn]:
    """A period that all rows share is the head of the value, and needs no column of its own."""
    period, *others = {str(row.get("period") or "") for row in rows} or {""}
    label, before = "", "year before"
    value = next((view for view in views if view.head == "value" == view.fields[0]), None)
    if value is not None and any(view.fields == ("period",) for view in views) and not others:
        with suppress(ValueError):  # undated, or the first year that there is
            shared = parse_period(period, first_year=1)
            label, before = shared.label, shared.year_before().label
    heads = {"value": label, "yoy": f"on {before}"}
    return [
        view._replace(head=heads.get(view.fields[0]) or view.head)
        if view == value or view.fields[0] == "yoy"
        else view
        for view in views
        if not (label and view.fields == ("period",))
    ]


def _has_unit(view: HumanColumn) -> bool:
    return bool(view.unit_from) and view.view not in (View.CHANGE, View.SHARE)


def _common_unit(
    answer: Answer, rows: Sequence[Row], columns: Sequence[tuple[tuple[str, ...], str]]
) -> str:
    """The unit in the line of the title: that of all numbers; empty where they differ."""
    units = {
        _unit(row, unit_from)
        for row in rows
        for fields, unit_from in columns
        if unit_from and row.get(unit_from) and any(row.get(name) is not None for name in fields)
    }
    if len(units) > 1:
        return ""
    unit = units.pop() if units else ""
    if answer.unit and not unit.startswith("bn "):
        return answer.unit
    return ("percent" if unit == "%" else unit) if answer.title else ""


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


def _field(column: Column, rows: Sequence[Row], in_title: bool) -> _Shown:
    unit_from = "" if in_title or column.kind is not Kind.NUMBER else column.unit_from
    head, cells = with_unit(column.name, partial(display, column), unit_from, rows)
    if column.kind not in (Kind.NUMBER, Kind.CHANGE):
        return _Shown(head, cells)
    style = "number" if column.rounding is Rounding.NEAREST else "bounds"
    style = "change" if column.kind is Kind.CHANGE else style
    return _Shown(head, cells, right=True, whole=True, style=style)


def _view(view: HumanColumn, rows: Sequence[Row], in_title: bool, *, brief: bool) -> _Shown:
    unit_from = view.unit_from if _has_unit(view) and not in_title else ""
    head, cells = with_unit(view.head, partial(show, view, brief=brief), unit_from, rows)
    if view.view is View.BOUNDS and all(not cell or cell[0] == "±" for cell in cells):
        head = "exact to"
    style = "number" if view.view in (*NUMERIC, View.AMOUNT) else ""
    style = {View.BOUNDS: "bounds", View.CHANGE: "change"}.get(view.view, style)
    right = bool(style) or view.view in (View.POSITION, View.DRAWN)
    whole = right and view.view is not View.AMOUNT
    marks = [str(row.get(f"{view.fields[0]} mark") or "") for row in rows]  # of single cells
    room = max(map(len, marks)) if any(marks) else 0
    cells = tuple(
        f"{cell} {mark:{room}}" if room and cell else cell
        for cell, mark in zip(cells, marks, strict=True)
    )
    growth = view.optional * (view.fields[0] != "yoy")  # that of a table over time
    leaves = {View.CHANGE: growth, View.BOUNDS: _AT_ONCE * brief, View.DRAWN: 1}.get(
        view.view, view.optional and view.optional + 1
    )
    return _Shown(head, cells, right, whole, leaves, style, view.view is View.GROUP)


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


def _marked(columns: list[_Shown], rows: Sequence[Row]) -> tuple[list[_Shown], list[str]]:
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
    return marked, [f"{mark} {meaning}" for _, _, mark, meaning in _MARKS if mark in used]


# --- what fits ----------------------------------------------------------------------------------


def _fitted(columns: list[_Shown], width: int | None) -> tuple[list[_Shown], list[str]]:
    """The columns that there is room for, and the heads of those that are gone.

    How many sources there are is counted below, so that column goes without a word.
    """
    kept = list(columns)
    gone: list[str] = []
    while width is not None and kept:
        first = max(kept, key=lambda column: column.leaves)
        early = first.leaves >= _AT_ONCE and _across(map(_natural, kept)) > width
        if not first.leaves or not (early or not _comfortable(kept, width)):
            break
        kept.remove(first)
        if first.leaves <= _AT_ONCE:
            gone.append(first.head)
    return kept, gone


def _across(widths: Iterable[int]) -> int:
    """How wide columns of these widths are together."""
    each = list(widths)
    return sum(each) + _GAP * (len(each) - 1)


def _comfortable(columns: list[_Shown], width: int) -> bool:
    """Whether they fit into *width* with no text squeezed below a readable measure.

    Numbers stay whole; their heads may wrap.
    """
    roomy = [
        _least(each) if each.whole else min(_natural(each), max(_COMFORT, _least(each)))
        for each in columns
    ]
    return _across(roomy) <= width


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
        repeated = column.once and index and column.cells[index] == column.cells[index - 1]
        whole = "" if repeated else "\n".join(wrapped(column.cells[index], width))
        text = whole.rstrip(" ")
        drawn = Text(text)
        if color:
            bounds = len(text.partition("[")[0]) if column.style else len(text)
            drawn.stylize(_style(column, index, row), 0, bounds)
            drawn.stylize(THEME["bounds"], bounds)
            if marks := _BEHIND.search(text):
                drawn.stylize(THEME["mark"], marks.start())
        # the room for the marks of other rows, which Rich strips
        room = len(whole) - len(text) if column.right and text else 0
        return Padding(drawn, (0, room, 0, 0)) if room else drawn

    groups = [row.get(group_by) for row in rows] if group_by else []
    if any(column.once for column in columns) or 3 * len(set(map(str, groups))) > 2 * len(rows):
        groups = []  # a column tells them apart, or there is hardly more than one row in each
    for index, row in enumerate(rows):
        table.add_row(
            *(cell(each, width, index, row) for each, width in zip(columns, widths, strict=True)),
            end_section=bool(groups[index + 1 :]) and groups[index] != groups[index + 1],
        )
    page = StringIO()
    console = Console(  # cells are Text: there is no markup in them, and nothing is highlighted
        file=page,
        width=_across(widths),
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


def show(column: HumanColumn, row: Row, *, brief: bool = False) -> str:
    """The cell of *column*; empty where nothing is known. *brief* leaves bounds to others."""
    values = [row.get(name) for name in column.fields]
    write = _WRITERS.get(column.view)
    if write is None:
        lists = column.view in (View.LIST, View.SOURCES)
        text = _text(values[0], separator=", " if lists else " ")
        return _window(text) if column.fields == ("period",) and "/" in text else text
    value, low, high = [*values, None, None][:3]  # a view of fewer fields has no bounds
    if isinstance(value, str):  # such as a ratio below what it is a ratio of
        return visible(value)
    high = None if isinstance(high, str) else high
    if column.view is View.CHANGE and (low is None) != (high is None):
        return _open_change(_number(low if high is None else high), low is None, values[3:])
    whole = row.get("unit") in _WHOLE
    return write(_number(value), _number(low), _number(high), brief, whole)


def _window(text: str) -> str:
    """Months and years from one to another as people write them, "Jan-Oct 2025"."""
    try:
        return parse_period(text, first_year=1).label
    except PeriodError:
        return text


def _bounded(value: Number, low: Number, high: Number, brief: bool, whole: bool) -> str:
    """The value; its one end where the other is open, and "~" where bounds are all there is."""
    places = 0 if whole else _places(low, high)
    if brief and value is None and low is not None and high is not None and low != high:
        if low * high <= 0 or high > 2 * low > 0 or low < 2 * high < 0:
            return UNCERTAIN
        step = power_below(Fraction(high - low) / 2)
        return f"~{human(scaled(Fraction(low + high) / 2 / step, 0, Rounding.NEAREST) * step)}"
    text = _without_value(value, low, high, lambda end, rounding: human(end, places, rounding))
    if text is not None:
        return text
    assert value is not None
    return human(value, places)


def _bounds(low: Number, high: Number, value: Number, brief: bool, whole: bool) -> str:
    """Both ends, rounded outward; empty for an exact number and for one without any bound.

    Bounds that lie the same way on both sides of the *value* are shown as ``±500``. In *brief*
    those that the value says already, and those that say next to nothing, are left out.
    """
    places = 0 if whole else _places(low, high)
    if brief and (value is None or None in (low, high)):
        shown = _bounded(value, low, high, brief, whole)
        if shown == UNCERTAIN or shown[:1] in ("≥", "≤"):
            return ""
    if low is None:
        return "" if high is None else f"≤ {human(high, places, Rounding.UP)}"
    if high is None:
        return f"≥ {human(low, places, Rounding.DOWN)}"
    if low == high:
        return ""
    if value is not None and high - value == value - low:
        half = high - value
        return f"±{human(half, 0 if whole else places_for(Fraction(0), half), Rounding.UP)}"
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


def _change(
    value: Number, low: Number, high: Number, brief: bool, _whole: bool, *, signed: bool
) -> str:
    """A percentage with one decimal, none where it is whole and its bounds justify no more.

    In *brief* the digits say how wide the bounds are, with "~" where a whole percent says more
    than they do.
    """
    write = partial(_percent, signed=signed)
    if value is None and low is not None and high is not None and brief and high - low >= 1:
        low, high = floor(low), ceil(high)
    text = _without_value(value, low, high, write)
    if text is not None:
        return text and f"{text} %"
    assert value is not None
    width = high - low if low is not None and high is not None else None
    if value == int(value):
        places = int(width is not None and width < 1)
    else:
        places = int(not (brief and width and width >= 2))
    shown = f"{fixed(value, places, signed=signed)} %"
    if brief:
        return f"{'~' * bool(width and width >= _ROUGH)}{shown}"
    return shown + _brackets(value, low, high, places, partial(_percent, signed=False))


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


def _ratio(value: Number, low: Number, high: Number, brief: bool, _whole: bool) -> str:
    """A quotient with two decimals, more for one so small that they would say little."""
    places = 2
    known = next((each for each in (value, low, high) if each), None)
    while known and abs(known) * 10**places < 100 and places < SIGNIFICANT:
        places += 1
    width = high - low if brief and low is not None and high is not None else 0
    while places and width * 10**places >= 20:  # no finer than half the width of the bounds
        places -= 1

    def write(number: int | Fraction, rounding: Rounding) -> str:
        return human(number, places, rounding)

    text = _without_value(value, low, high, write)
    if text is not None:
        return text
    assert value is not None
    shown = write(value, Rounding.NEAREST)
    if brief:
        return f"{'~' * (width >= 2)}{shown}"
    return shown + _brackets(value, low, high, places, write)


def _without_value(value: Number, low: Number, high: Number, write: Write) -> str | None:
    """What to show where the bounds say it all; None where a value stands between them."""
    if value is None and low is not None and high is not None:
        if low == high:
            return write(low, Rounding.NEAREST)
        return f"{write(low, Rounding.DOWN)} to {write(high, Rounding.UP)}"
    if low is not None and high is None and value in (None, low):
        return f"≥ {write(low, Rounding.DOWN)}"
    if high is not None and low is None and value in (None, high):
        return f"≤ {write(high, Rounding.UP)}"
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


def _position(value: Number, best: Number, worst: Number, *_: bool) -> str:
    """A place in a ranking, with the places that the bounds allow where there are several."""
    if value is None:
        return "-"
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


def _plainly(value: Number, _low: Number, _high: Number, _brief: bool, whole: bool) -> str:
    return "" if value is None else human(value, 0 if whole else None)


# how views of numbers write value, low and high; BOUNDS is given low, high and value
_WRITERS: dict[View, Callable[[Number, Number, Number, bool, bool], str]] = {
    View.NUMBER: _plainly,
    View.BOUNDED: _bounded,
    View.BOUNDS: _bounds,
    View.RATIO: _ratio,
    View.POSITION: _position,
    View.CHANGE: partial(_change, signed=True),
    View.SHARE: partial(_change, signed=False),
}
