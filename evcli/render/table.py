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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cache, partial
from itertools import chain
from math import ceil, floor
from types import ModuleType
from typing import Literal, NamedTuple

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
from evcli.model.quantity import MIDPOINT
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
_BEHIND = re.compile(r" [*†‡+!pe]+\uf8ff*$")  # marks behind a number, in ASCII too
_ROOM = "\uf8ff"  # where marks of other rows stand; a space, which Rich would strip
_VANISHING = (View.CHANGE, View.BOUNDS, View.SOURCES, View.NOTES)  # where all cells are empty
_IDS = ("id", "series")  # what people copy is never broken
_ORDINARY = ("normal", "preferred")  # a status or rank that needs no word
_BOUNDED = frozenset({"value", "low", "high"})
_ROUGH = 20  # percent between the bounds of a change that is known but roughly
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
    unit: str | None = ""  # of its numbers; None where these differ and say theirs
    right: bool = False
    whole: bool = False  # its cells are never broken
    leaves: int = 0  # in a narrow terminal the highest number first; 0 never
    style: str = ""  # of the theme, for figures; "change" is up or down, cell by cell
    once: bool = False  # what the row above says, too, is blank
    counts: bool = False  # says how many sources, as a line below does


Names = dict[str, str]  # the letters of sources, the numbers of notes


def table_lines(answer: Answer, options: Options) -> Iterator[str]:
    """The title, the table, at most three lines on it, and what *options* want listed."""
    width = options.width
    rows = answer.rows if answer.screen is None else [answer.rows[at] for at in answer.screen]
    unit, columns, notes, sources = _columns(answer, rows, options)
    columns, legends = _marked(columns, rows, answer.marks)
    if options.ascii:  # before the widths are known
        columns = [each._replace(cells=tuple(map(in_ascii, each.cells))) for each in columns]
    shown, widths = _fitted(columns, width)

    def lines() -> Iterator[tuple[str, str]]:
        yield from _title(answer.title, unit, _across(widths or ()), width)
        if widths is not None:
            yield from _drawn(shown, widths, rows, answer.group_by, color=options.color)
        else:
            yield from _stacked(shown, rows, width or 0)
        gone = [
            each.head for each in columns if each not in shown and not each.counts and each.head
        ]
        last = _last_lines(
            answer,
            len(rows),
            legends + _counts(answer, notes, sources, options),
            gone,
            width or _SCREEN,
        )
        for part in (last, _lists(answer, notes, sources, options)):
            if part:
                yield "", ""
                yield from part

    for text, style in lines():
        text = in_ascii(text) if options.ascii else text
        yield f"{painted(text, style) if options.color else text}\n"


def _title(title: str, unit: str, across: int, width: int | None) -> Iterator[tuple[str, str]]:
    """The title and, at the right edge of the table, the unit; an empty line below."""
    title = visible(title)
    room = max(across, width_of(title) + _GAP + width_of(unit))
    room = room if width is None else min(room, width)
    beside = room - _GAP - width_of(unit)
    if unit and beside < min(_COMFORT, width_of(title)):  # too narrow for both
        title, unit, beside = f"{title} ({unit})".lstrip(), "", room
    if not (title or unit):
        return
    for index, line in enumerate(wrapped(title, beside if unit else width)):
        right = unit.rjust(room - width_of(line)) if unit and not index else ""
        yield line + right, THEME["title"]
    yield "", ""


# --- the lines below ----------------------------------------------------------------------------


def _counts(answer: Answer, notes: Names, sources: Names, options: Options) -> list[str]:
    """How many notes and sources there are, where they are not listed."""
    numbers = (
        (options.lists_notes, len(notes) + len(answer.notes), "note", "-n"),
        (options.lists_sources, len(sources), "source", "-s"),
    )
    return [
        f"{count:,} {word}{'s' * (count != 1)}: {option}"
        for listed, count, word, option in numbers
        if count and not listed and answer.rows
    ]


def _last_lines(
    answer: Answer, shown: int, always: list[str], gone: list[str], room: int
) -> list[tuple[str, str]]:
    """What must not be mixed, then marks, counts and what else is known, in at most three lines.

    Without room for all the heads of columns that are *gone* are left out, then what else is
    known, from its end. A narrow terminal has more lines, of fewer letters.
    """
    most = -(-_LAST_LINES * _SCREEN // min(room, _SCREEN))
    first = wrapped(visible(answer.caution), room) if answer.caution else []
    rows = [f"{shown:,} of {len(answer.rows):,} rows: --all"] if shown < len(answer.rows) else []
    more = visible(answer.more).split(_SEPARATOR) if answer.more else []
    more += [f"no room for {', '.join(gone)}"] if gone else []
    while len(others := _packed([*always, *more, *rows], room)) + len(first) > most and more:
        more.pop()
    return [(line, "") for line in first] + [(line, THEME["footnote"]) for line in others]


def _packed(parts: Sequence[str], room: int) -> list[str]:
    """The parts in as few lines as they need."""
    lines: list[str] = []
    for part in parts:
        if lines and width_of(joined := f"{lines[-1]}{_SEPARATOR}{part}") <= room:
            lines[-1] = joined
        else:
            lines += wrapped(part, room)
    return lines


def _lists(answer: Answer, notes: Names, sources: Names, options: Options) -> list[tuple[str, str]]:
    """Notes on rows, notes on the answer, sources, and the command in ids."""
    entries: list[tuple[str, str]] = []
    if options.lists_notes or not answer.rows:  # where there is no row the notes say why
        entries += [(number, note) for note, number in notes.items()]
        entries += [("·", visible(note)) for note in answer.notes]
    if options.lists_sources:
        titles = answer.footnotes
        entries += [
            (name, visible(f"{id}  {titles.get(id, '')}".rstrip())) for id, name in sources.items()
        ]
    if options.verbose and options.in_ids:
        entries.append(("in ids:", options.in_ids))
    lines = (line for name, text in entries for line in hanging(f"{name}  ", text, options.width))
    return [(line, THEME["footnote"]) for line in lines]


def room_beside(answer: Answer, width: int, enough: int) -> int:
    """How many cells a picture may have beside all columns, if that is *enough*, else beside those
    that stay in any case.
    """
    rows = answer.rows if answer.screen is None else [answer.rows[at] for at in answer.screen]
    _, columns, *_ = _columns(answer, rows, Options())
    columns, _ = _marked(columns, rows, answer.marks)
    all_of_them, staying = (
        width - _GAP - _across(map(_natural, some))
        for some in (columns, [column for column in columns if not column.leaves])
    )
    return all_of_them if all_of_them >= enough else staying


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
) -> tuple[str, list[_Shown], Names, Names]:
    """The unit of the title, the columns, and the notes and sources that these refer to."""
    notes: Names = {}
    sources: Names = {}
    views = _with_periods(answer.views, rows)
    rows = [_in_billions(row, views) for row in rows]
    shown = [] if views else [_field(each, rows) for each in answer.columns]
    for view in views:
        if view.view is View.SOURCES:
            ids = [listed_in(row, view.fields[0]) for row in rows]
            column = _Shown("sources", _references(ids, sources, letter))
            if not options.lists_sources:
                cells = tuple(str(len(each) or "") for each in ids)
                column = _Shown("sources", cells, "", True, True, 2 * _AT_ONCE, counts=True)
        elif view.view is View.NOTES:
            texts = [_note(view, row) for row in rows]
            cells = _references(
                [(text,) * bool(text) for text in texts], notes, lambda index: str(index + 1)
            )
            column = _Shown(visible(view.head), cells if options.lists_notes else ())
        else:
            column = _view(view, rows, brief=not options.verbose)
            if not shown and view.view is View.TEXT:
                column = column._replace(once=True)
        if any(column.cells) or not (view.optional or view.view in _VANISHING):
            shown.append(column)
    if not (unit := _unit(answer, shown)):
        shown = [each._replace(head=headed(each.head, each.unit)) for each in shown]
    return unit, shown, notes, sources


def _references(
    rows: Sequence[Sequence[str]], names: Names, name: Callable[[int], str]
) -> tuple[str, ...]:
    """What stands in each row for the entries of a list below, to which *names* are given."""
    for entry in chain.from_iterable(rows):
        names.setdefault(entry, name(len(names)))
    return tuple(",".join([names[entry] for entry in each]) for each in rows)


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
    head, cells, unit = with_unit(column.name, partial(display, column), unit_from, rows)
    if column.kind not in (Kind.NUMBER, Kind.CHANGE):
        return _Shown(head, cells)
    style = "number" if column.rounding is Rounding.NEAREST else "bounds"
    style = "change" if column.kind is Kind.CHANGE else style
    return _Shown(head, cells, unit, right=True, whole=True, style=style)


def _view(view: HumanColumn, rows: Sequence[Row], *, brief: bool) -> _Shown:
    unit_from = "" if view.view in (View.CHANGE, View.SHARE) else view.unit_from
    head, cells, unit = with_unit(view.head, partial(show, view, brief=brief), unit_from, rows)
    if view.view is View.BOUNDS and all(not cell or cell[0] == "±" for cell in cells):
        head = "exact to"
    style = "number" if view.view in (*NUMERIC, View.AMOUNT) else ""
    style = {View.BOUNDS: "bounds", View.CHANGE: "change"}.get(view.view, style)
    right = bool(style) or view.view is View.POSITION
    whole = view.view is View.DRAWN or (right and view.view is not View.AMOUNT)
    whole = whole or view.fields[0] in _IDS
    first = view.fields[0]  # a single cell may have a mark, or a text in its place
    texts = [str(row.get(f"{first} text") or "") for row in rows]
    marks = [str(row.get(f"{first} mark") or "") for row in rows]
    room = max(map(len, marks), default=0)
    cells = tuple(
        text or (f"{cell} {mark:{room}}" if room and cell else cell)
        for cell, text, mark in zip(cells, texts, marks, strict=True)
    )
    growth = view.optional * (first != "yoy")  # that of a table over time
    early = {View.CHANGE: growth, View.BOUNDS: _AT_ONCE * brief, View.DRAWN: 1}
    leaves = early.get(view.view, view.optional and view.optional + 1)
    return _Shown(head, cells, unit, right, whole, leaves, style, view.view is View.GROUP)


def headed(head: str, unit: str | None) -> str:
    """The head of a column whose numbers share a unit."""
    return f"{head} ({unit})" if unit else head


def with_unit(
    head: str, cell: Callable[[Row], str], unit_from: str, rows: Sequence[Row]
) -> tuple[str, tuple[str, ...], str | None]:
    """The head, the cells, and the unit that these share; None where they differ and say theirs."""
    cells = tuple([cell(row) for row in rows])
    if not unit_from:
        return visible(head), cells, ""
    units = [visible(shown_unit(str(row.get(unit_from) or ""))) for row in rows]
    used = {unit for unit, text in zip(units, cells, strict=True) if text and unit}
    if len(used) > 1:
        pairs = zip(cells, units, strict=True)
        return (
            visible(head),
            tuple([f"{text} {unit}".rstrip() if text else "" for text, unit in pairs]),
            None,
        )
    return visible(head), cells, "".join(used)


def _unit(answer: Answer, columns: Sequence[_Shown]) -> str:
    """The unit in the line of the title: that of all numbers; empty where they differ."""
    units = {column.unit for column in columns if column.unit != ""}
    unit = next(iter(units), "")
    if len(units) > 1 or unit is None:
        return ""
    if answer.unit and not unit.startswith("bn "):
        return answer.unit
    return ("percent" if unit == "%" else unit) if answer.title else ""


def _marked(
    columns: list[_Shown], rows: Sequence[Row], signs: Mapping[str, str]
) -> tuple[list[_Shown], list[str]]:
    """Put the marks behind the first number of a row, or its first text; and all that is used."""
    order = sorted(columns, key=lambda column: not (column.style and column.whole))
    behind: dict[int, dict[int, str]] = {id(column): {} for column in columns}
    used = [f"{sign} {signs[sign]}" for sign in signs if any(sign in str(e.cells) for e in columns)]
    for number, row in enumerate(rows):
        marks = [mark for name, value, mark, _ in _MARKS if row.get(name) == value]
        column = next((column for column in order if column.cells[number]), None)
        if marks and column is not None:
            behind[id(column)][number] = " " + "".join(marks)
    marked = []
    for column in columns:
        by_row = behind[id(column)]
        room = max(map(len, by_row.values()), default=0) if column.right else 0
        cells = [
            text and text + by_row.get(number, "").ljust(room, _ROOM)
            for number, text in enumerate(column.cells)
        ]
        marked.append(column._replace(head=column.head + _ROOM * room, cells=tuple(cells)))
    every = "".join(text for by_row in behind.values() for text in by_row.values())
    return marked, [f"{mark} {meaning}" for _, _, mark, meaning in _MARKS if mark in every] + used


# --- what fits ----------------------------------------------------------------------------------


def _fitted(columns: list[_Shown], width: int | None) -> tuple[list[_Shown], list[int] | None]:
    """The columns that there is room for, and their widths, the widest giving way first.

    Where *width* is too narrow for columns side by side all but the first to leave, and None.
    """
    shown = list(columns)
    while width is not None and _across(map(_natural, shown)) > width:
        first = max(shown, key=lambda column: column.leaves)
        comfortable = _across(_least(each, _COMFORT) for each in shown) <= width
        if not first.leaves or (comfortable and first.leaves < _AT_ONCE):
            break
        shown.remove(first)
    widths, least = [*map(_natural, shown)], [*map(_least, shown)]
    if width is not None and _across(least) > width:  # long ids break after all
        least = [_least(each._replace(whole=each.right)) for each in shown]
    if width is not None and _across(least) > width:
        return [column for column in columns if column.leaves < _AT_ONCE], None
    while width is not None and _across(widths) > width:
        slack = [index for index, each in enumerate(widths) if each > least[index]]
        widths[max(slack, key=lambda index: widths[index])] -= 1
    lines = [
        [line for text in (each.head, *each.cells) for line in wrapped(text, given)]
        for each, given in zip(shown, widths, strict=True)
    ]
    return shown, [max(map(width_of, each)) for each in lines]


def _across(widths: Iterable[int]) -> int:
    """How wide columns of these widths are together."""
    each = list(widths)
    return max(0, sum(each) + _GAP * (len(each) - 1))


def _natural(column: _Shown) -> int:
    return max(width_of(text) for text in (column.head, *column.cells))


def _least(column: _Shown, comfort: int = 0) -> int:
    """The narrowest that is readable: whole numbers, whole words save very long ones."""
    if column.whole:
        return max(_longest_word((column.head,)), *(width_of(cell) for cell in column.cells), 1)
    words = min(_longest_word((column.head, *column.cells)), _WORD)
    return max(1, min(_natural(column), max(words, comfort)))


def _longest_word(texts: Collection[str]) -> int:
    words = (word for text in texts for word in text.split(" "))
    return max((width_of(part) for word in words for part in _LISTED.split(word)), default=0)


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
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=Box(_RULED),
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP - 1, 0, 0),
        header_style="",
    )
    for column, width in zip(columns, widths, strict=True):
        head = Text("\n".join(wrapped(column.head, width)))
        head.stylize(THEME["head"], 0, len(column.head.rstrip(_ROOM)))
        justify: Literal["right", "default"] = "right" if column.right else "default"
        table.add_column(head, width=width, justify=justify, overflow="fold")

    def cell(column: _Shown, width: int, index: int, row: Row) -> Text:
        text = "\n".join(wrapped("" if repeated(column, index) else column.cells[index], width))
        drawn, end = Text(text), len(text.rstrip(_ROOM))
        if color:
            bounds = len(text.partition("[")[0]) if column.style else end
            drawn.stylize(_style(column, index, row), 0, min(bounds, end))
            drawn.stylize(THEME["bounds"], bounds, end)
            if marks := _BEHIND.search(text):
                drawn.stylize(THEME["mark"], marks.start(), end)
        return drawn

    def repeated(column: _Shown, index: int) -> bool:
        return column.once and index > 0 and column.cells[index] == column.cells[index - 1]

    groups = [row.get(group_by) for row in rows] if group_by else []
    told = any(repeated(column, index) for column in columns for index in range(len(rows)))
    if told or 3 * len(set(map(str, groups))) > 2 * len(rows):
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
    for line in page.getvalue().removesuffix("\n").replace(_ROOM, " ").split("\n"):
        yield line.rstrip(" "), "" if line.strip("─") else THEME["frame"]


def _stacked(columns: list[_Shown], rows: Sequence[Row], width: int) -> Iterator[tuple[str, str]]:
    """Each row as ``head: cell`` after ``head: cell``, where columns do not fit."""
    for index in range(len(rows)):
        if index:
            yield "─" * width, THEME["frame"]
        cells = [
            (each.head.rstrip(_ROOM), each.cells[index].strip(f" {_ROOM}")) for each in columns
        ]
        for line in _packed(
            [f"{head}: {text}".removeprefix(": ") for head, text in cells if text], width
        ):
            yield line, ""
    for column in () if rows else columns:
        for line in wrapped(column.head, width):
            yield line, THEME["head"]


def _style(column: _Shown, index: int, row: Row) -> str:
    """The style of a cell by what it holds and by the standing of its row."""
    if not column.cells[index]:
        return ""
    if row.get("rank") == "deprecated":
        return THEME["deprecated"]
    style = column.style
    if style == "change":
        change = column.cells[index].partition(" [")[0]
        up, down = "+" in change, change.startswith("down ") or "-" in change
        down = down and not change.startswith("not below")
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
    if column.view is View.CHANGE and (low is None) != (high is None):
        return _open_change(_number(low if high is None else high), low is None, values[3:])
    if brief and column.view is View.BOUNDED and row.get("qualifier") == MIDPOINT:
        value = None
    return write(_number(value), _number(low), _number(high), brief)


def _window(text: str) -> str:
    """Months and years from one to another as people write them, "Jan-Oct 2025"."""
    try:
        return parse_period(text, first_year=1).label
    except PeriodError:
        return text


def _bounded(value: Number, low: Number, high: Number, brief: bool) -> str:
    """The value; its one end where the other is open, and "~" where bounds are all there is."""
    if brief and value is None and low is not None and high is not None and low != high:
        if low * high <= 0 or high > 2 * low > 0 or low < 2 * high < 0:
            return UNCERTAIN
        step = power_below(Fraction(high - low) / 2)
        return f"~{human(scaled(Fraction(low + high) / 2 / step, 0, Rounding.NEAREST) * step)}"
    places = _places(low, high)
    return _said(value, low, high, lambda number, rounding: human(number, places, rounding))


def _bounds(low: Number, high: Number, value: Number, brief: bool) -> str:
    """Both ends, rounded outward; empty for an exact number and for one without any bound.

    Bounds that lie the same way on both sides of the *value* are shown as ``±500``. In *brief*
    those that the value says already, and those that say next to nothing, are left out.
    """
    places = _places(low, high)
    if brief and (value is None or None in (low, high)):
        shown = _bounded(value, low, high, brief)
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


def _change(value: Number, low: Number, high: Number, brief: bool, *, signed: bool) -> str:
    """A percentage with one decimal, none where it is whole and its bounds justify no more.

    In *brief* the digits say how wide the bounds are, with "~" where whole percents say more.
    """
    write = partial(_percent, signed=signed)
    width = high - low if low is not None and high is not None else 0
    if value is None or _is_open(value, low, high):
        if brief and low is not None and high is not None and width >= 1:
            low, high = floor(low), ceil(high)
        text = _said(value, low, high, write)
        return text and f"{text} %"
    if value == int(value):
        places = int(0 < width < 1 or low == high is not None)
    else:
        places = int(not brief or width < 2)
    text = f"{fixed(value, places, signed=signed)} %"
    if brief:
        return f"{'~' * (width >= _ROUGH)}{text}"
    return text + _brackets(value, low, high, places, partial(_percent, signed=False))


def _open_change(end: Number, below: bool, words: Sequence[Value]) -> str:
    """A growth with an open end: ``over +100 %``, ``down nearly 50 %``, never ``≥ -50 %``.

    The word in front speaks of the size of a change; without one the sign says which way.
    """
    from evcli.text.lexicon import in_english

    assert end is not None
    word = in_english(str(words[0])) if words else ""
    sized = word not in ("", "at most" if below else "at least")
    rounding = Rounding.UP if below else Rounding.DOWN
    if sized and end < 0:
        return f"down {word} {_percent(-end, rounding, signed=False)} %"
    front = ("not above", "not below") if end < 0 else ("≤", "≥")
    return f"{word if sized else front[not below]} {_percent(end, rounding, signed=True)} %"


def _ratio(value: Number, low: Number, high: Number, brief: bool) -> str:
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

    text = _said(value, low, high, write)
    if value is None or _is_open(value, low, high):
        return text
    if brief:
        return f"{'~' * (width >= 2)}{text}"
    return text + _brackets(value, low, high, places, write)


def _is_open(value: Number, low: Number, high: Number) -> bool:
    """Whether one end is all that is known."""
    return (low is None) != (high is None) and value in (None, low, high)


def _said(value: Number, low: Number, high: Number, write: Write) -> str:
    """The value, or what bounds alone say."""
    if _is_open(value, low, high):
        if low is not None:
            return f"≥ {write(low, Rounding.DOWN)}"
        return f"≤ {write(high or 0, Rounding.UP)}"
    if value is None and low is not None and high is not None and low != high:
        return f"{write(low, Rounding.DOWN)} to {write(high, Rounding.UP)}"
    known = low if value is None else value
    return "" if known is None else write(known, Rounding.NEAREST)


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


# how views of numbers write value, low and high; BOUNDS is given low, high and value
_WRITERS: dict[View, Callable[[Number, Number, Number, bool], str]] = {
    View.NUMBER: lambda value, _low, _high, _brief: "" if value is None else human(value),
    View.BOUNDED: _bounded,
    View.BOUNDS: _bounds,
    View.RATIO: _ratio,
    View.POSITION: _position,
    View.CHANGE: partial(_change, signed=True),
    View.SHARE: partial(_change, signed=False),
}
