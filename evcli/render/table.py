"""The table that people read: a title with the unit, rows of one line, at most three lines below.

Which columns are shown and how wide they are is decided here; Rich draws them, into a string, and
is given width and colours, so the environment changes nothing.

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
id    value
─────────────
a   855,000 *
<BLANKLINE>
* derived
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Literal

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
from evcli.model.period import parse_period
from evcli.render import Options
from evcli.render.cells import MARKS, NUMERIC, display, marks_of, show, with_unit
from evcli.terminal import THEME, folded, painted, width_of
from evcli.text.characters import in_ascii, visible
from evcli.text.lists import counted
from evcli.tuples import NamedTuple

_BEHIND = r" [*†‡+!pew]+(?=\uf8ff*$)"  # marks behind a number, in ASCII too
_ROOM = "\uf8ff"  # where marks of other rows stand; a space, which Rich would strip
# where all cells are empty
_VANISHING = (View.GROUP, View.CHANGE, View.BOUNDS, View.SOURCES, View.NOTES)
_IDS = ("id", "series")  # what people copy is never broken
_BILLION = 10**9
_GAP = 2  # cells between columns
_COMFORT = 18  # a text column this wide is still a pleasure to read
_WORD = 16  # longer words may be folded
_SCREEN = 80  # columns
_SEPARATOR = " · "
_AT_ONCE = 100  # columns that leave this early leave before any text wraps
_FIRST = 200  # the number of sources, which a line below says, too
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
    field: str = ""


Names = dict[str, str]  # the letters of sources, the numbers of notes


def table_lines(answer: Answer, options: Options) -> Iterator[str]:
    """The title, the table, at most three lines on it, and what *options* want listed."""
    width = options.width
    at = answer.screen
    rows = answer.rows if at is None else [answer.rows[each] for each in at]
    unit, columns, legends, notes, sources = _columns(answer, rows, options)
    if options.ascii:  # before the widths are known
        columns = [each._replace(cells=tuple(map(in_ascii, each.cells))) for each in columns]
    shown, widths = _fitted(columns, width)
    gone = [each.head for each in columns if each not in shown and each.leaves < _FIRST]
    for wanted, count, word, option in (
        (options.notes, len(notes) + len(answer.notes), "note", "-n"),
        (options.sources, len(sources), "source", "-s"),
    ):
        if count and not wanted and answer.rows:
            legends.append(f"{counted(count, word)}: {option}")

    def lines() -> Iterator[tuple[str, str]]:
        yield from _title(answer.title, unit, _across(widths or ()), width)
        if answer.title and not rows:
            yield "nothing to show", ""
        elif widths is not None:
            yield from _drawn(shown, widths, rows, answer.group_by, color=options.color)
        else:
            yield from _stacked(shown, rows, width or 0)
        last = _last_lines(answer, len(rows), legends, gone, min(width or _SCREEN, _SCREEN))
        for part in (last, _lists(answer, notes, sources, options)):
            if part:
                yield from (("", ""), *part)

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


def _last_lines(
    answer: Answer, shown: int, always: list[str], gone: list[str], room: int
) -> list[tuple[str, str]]:
    """What must not be mixed, then marks, counts and what else is known, in at most three lines, or
    more of fewer letters: heads of columns that are *gone* are left out first, then what is known.
    """
    most = -(-3 * _SCREEN // min(room, _SCREEN))
    first = wrapped(visible(answer.caution), room) if answer.caution else []
    rows = [f"{shown:,} of {len(answer.rows):,} rows: --all"] if shown < len(answer.rows) else []
    more = visible(answer.more).split(_SEPARATOR) if answer.more else []
    more += [f"no room for {', '.join(filter(None, gone))}"] if any(gone) else []
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
    if options.notes or not answer.rows:  # where there is no row the notes say why
        entries += [(number, note) for note, number in notes.items()]
        entries += [("·", visible(note)) for note in answer.notes]
    if options.sources:
        titles = answer.footnotes()
        about = {id: f"{id}  {titles.get(id, '')}".rstrip() for id in sources}
        entries += [(name, visible(about[id])) for id, name in sources.items()]
    if options.verbose and options.in_ids:
        entries.append(("in ids:", options.in_ids))
    lines = (line for name, text in entries for line in hanging(f"{name}  ", text, options.width))
    return [(line, THEME["footnote"]) for line in lines]


def _note(view: HumanColumn, row: Row) -> str:
    """The note and what else is not normal, save what a mark says already."""
    said = ("", "normal", "preferred", *(value for _, value in MARKS))
    parts = [row.get(name) for name in view.fields]
    return visible("; ".join(each for each in parts if isinstance(each, str) and each not in said))


def _columns(
    answer: Answer, rows: Sequence[Row], options: Options
) -> tuple[str, list[_Shown], list[str], Names, Names]:
    """The unit of the title, the columns, what marks in them mean, their notes and sources."""
    notes: Names = {}
    sources: Names = {}
    views = _with_periods(answer.views, rows)
    rows = [_in_billions(row, views) for row in rows]
    shown = [] if views else [_field(each, rows) for each in answer.columns]
    for view in views:
        if view.view is View.SOURCES:
            ids = [listed_in(row, view.fields[0]) for row in rows]
            column = _Shown("sources", _references(ids, sources, letter))
            if not options.sources:
                cells = tuple(str(len(each) or "") for each in ids)
                column = _Shown("sources", cells, "", True, True, _FIRST)
        elif view.view is View.NOTES:
            texts = [[text] if (text := _note(view, row)) else [] for row in rows]
            cells = _references(texts, notes, lambda index: str(index + 1))
            column = _Shown(visible(view.head), cells if options.notes else ())
        else:
            column = view_column(view, rows, brief=not options.verbose)
            if not shown and view.view is View.TEXT:
                column = column._replace(once=True)
        if any(column.cells) or not (view.optional or view.view in _VANISHING):
            shown.append(column)
    if not (unit := _unit(answer, shown)):
        shown = [e._replace(head=f"{e.head} ({e.unit})") if e.unit else e for e in shown]
    return unit, *_marked(shown, rows, answer.marks), notes, sources


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
    if value is not None and not others:
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


def view_column(view: HumanColumn, rows: Sequence[Row], *, brief: bool) -> _Shown:
    """What people read; in *brief* bounds have a column of their own."""
    unit_from = "" if view.view in (View.CHANGE, View.SHARE) else view.unit_from
    head, cells, unit = with_unit(view.head, partial(show, view, brief=brief), unit_from, rows)
    if view.view is View.BOUNDS and all(not cell or cell[0] == "±" for cell in cells):
        head = "exact to"
    style = "number" if view.view in (*NUMERIC, View.AMOUNT) else ""
    style = {View.BOUNDS: "bounds", View.CHANGE: "change"}.get(view.view, style)
    right = bool(style) or view.view is View.POSITION
    figure = right and view.view is not View.AMOUNT
    whole = figure or view.view is View.DRAWN or view.fields[0] in _IDS
    growth = view.optional * (view.fields[0] != "yoy")  # that of a table over time
    early = {View.CHANGE: growth, View.BOUNDS: _AT_ONCE * brief, View.DRAWN: 1}
    leaves = early.get(view.view, view.optional and view.optional + 1)
    once = view.view is View.GROUP
    return _Shown(head, cells, unit, right, whole, leaves, style, once, view.fields[0])


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
    """Marks of a row behind its first number, else text, of a cell behind that; what signs mean."""
    order = sorted(columns, key=lambda column: not (column.style and column.whole))
    behind = [[str(row.get(f"{each.field} mark") or "") for row in rows] for each in columns]
    for number, row in enumerate(rows):
        first = next((column for column in order if column.cells[number]), None)
        if first is not None:
            of_row = (mark for mark, _ in marks_of(row) if first.style or mark != "*")
            behind[columns.index(first)][number] += "".join(of_row)
    marked = []
    for column, marks in zip(columns, behind, strict=True):
        room = max(map(len, marks), default=0) + 1 if column.right and any(marks) else 0
        cells = [
            text and text + (f" {mark}" if mark else "").ljust(room, _ROOM)
            for text, mark in zip(column.cells, marks, strict=True)
        ]
        marked.append(column._replace(head=column.head + _ROOM * room, cells=tuple(cells)))
    every = "".join(chain(*behind))
    used = {mark: meaning for mark, meaning in MARKS.values() if mark in every}
    every += "".join(text for column in columns for text in column.cells)
    used |= {sign: meaning for sign, meaning in signs.items() if sign in every}
    return marked, [f"{sign} {meaning}" for sign, meaning in used.items()]


def _fitted(columns: list[_Shown], width: int | None) -> tuple[list[_Shown], list[int] | None]:
    """The columns that there is room for and their widths; without room for any, None for these."""
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
    texts = (column.head, *(() if column.whole else column.cells))
    word = max(width_of(word) for text in texts for word in text.split(" "))
    if column.whole:
        return max(1, word, *map(width_of, column.cells))
    return max(1, min(_natural(column), max(min(word, _WORD), comfort)))


def _drawn(
    columns: list[_Shown], widths: list[int], rows: Sequence[Row], group_by: str, *, color: bool
) -> Iterator[tuple[str, str]]:
    """Head and rows as Rich draws them, with rules, whose style it would give to gaps, too."""
    from io import StringIO

    from rich.box import Box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    named = os.environ.pop("UNICODE_VERSION", None)
    cell_len("比")  # Rich looks at the environment once, and takes the newest Unicode without
    if named is not None:
        os.environ["UNICODE_VERSION"] = named
    table = Table(box=Box(_RULED), show_edge=False, pad_edge=False, header_style="")
    table.padding = (0, _GAP - 1, 0, 0)
    for column, width in zip(columns, widths, strict=True):
        head = Text("\n".join(wrapped(column.head, width)))
        head.stylize(THEME["head"], 0, len(column.head.rstrip(_ROOM)))
        justify: Literal["right", "default"] = "right" if column.right else "default"
        table.add_column(head, width=width, justify=justify, overflow="fold")

    def repeated(column: _Shown, index: int) -> bool:
        return column.once and index > 0 and column.cells[index] == column.cells[index - 1]

    def cell(column: _Shown, width: int, index: int) -> Text:
        text = "\n".join(wrapped("" if repeated(column, index) else column.cells[index], width))
        drawn, end = Text(text), len(text.rstrip(_ROOM))
        if color:
            bounds = len(text.partition("[")[0]) if column.style else end
            drawn.stylize(_style(column, index, rows[index]), 0, min(bounds, end))
            drawn.stylize(THEME["bounds"], bounds, end)
            drawn.highlight_regex(_BEHIND, THEME["mark"])
        return drawn

    groups = [row.get(group_by) for row in rows] if group_by else []
    told = any(repeated(column, index) for column in columns for index in range(len(rows)))
    if told or 3 * len(set(map(str, groups))) > 2 * len(rows):
        groups = []  # a column tells them apart, or there is hardly more than one row in each
    for index in range(len(rows)):
        cells = (cell(each, width, index) for each, width in zip(columns, widths, strict=True))
        ends = bool(groups[index + 1 :]) and groups[index] != groups[index + 1]
        table.add_row(*cells, end_section=ends)
    page = Console(
        file=StringIO(),
        width=_across(widths),
        height=1,
        color_system="standard" if color else None,
        force_terminal=color,
        force_jupyter=False,
        legacy_windows=False,
        _environ={},
    )
    with page.capture() as drawn:
        page.print(table)
    for line in drawn.get().removesuffix("\n").replace(_ROOM, " ").split("\n"):
        yield line.rstrip(" "), "" if line.strip("─") else THEME["frame"]


def _stacked(columns: list[_Shown], rows: Sequence[Row], width: int) -> Iterator[tuple[str, str]]:
    """Each row as ``head: cell`` after ``head: cell``, where columns do not fit."""
    for index in range(len(rows)):
        if index:
            yield "─" * width, THEME["frame"]
        cells = [(each.head, each.cells[index]) for each in columns if each.cells[index].strip()]
        parts = [": ".join(filter(None, cell)).replace(_ROOM, "") for cell in cells]
        yield from ((line, "") for line in _packed(parts, width))
    for column in () if rows else columns:
        yield from ((line, THEME["head"]) for line in wrapped(column.head, width))


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


def wrapped(text: str, width: int | None) -> list[str]:
    """*text* in lines of at most *width* cells, broken between words where that is possible."""
    if width is None or width_of(text) <= width:
        return [text]
    lead = len(text) - len(text.lstrip(" "))  # a tree keeps its shape where it wraps
    indent = lead + 2 if lead else 0
    first, *others = folded(text.strip(" "), max(width - indent, 2), whole=False)
    return [" " * lead + first, *(" " * indent + line for line in others)]


def hanging(label: str, text: str, width: int | None) -> list[str]:
    """*text* behind *label*, further lines indented below it.

    >>> hanging("a  ", "one two three", 14)
    ['a  one two', '   three']
    """
    first, *others = wrapped(text, None if width is None else width - len(label))
    return [label + first, *(" " * len(label) + line for line in others)]
