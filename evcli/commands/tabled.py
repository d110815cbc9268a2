"""``evcli growth --table 'trade/*.parquet'``: other people's tables, too large for a store.

DuckDB streams what :mod:`evcli.columns` computes. It reads the files that the pattern names and
writes the one that is asked for; it loads no extension, opens no address and is given no SQL.
"""

from __future__ import annotations

import glob
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evcli.commands.options import Output, Table
from evcli.commands.session import diagnostics_for, show
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.errors import UsageError, check_one_of
from evcli.files import whole_file
from evcli.model.answer import SCREEN_ROWS, Answer, Column, HumanColumn, Kind, Value, View
from evcli.render import Stdout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation, Expression

T = TypeVar("T")
_GOES_WITH = {"period", "lag", *Output._fields} - {"excel", "notes", "sources", "verbose"}
_MEMORY = "512MB"  # of a gigabyte: Python, and what DuckDB does not count, take their part
_TICK_S, _CHUNK, _MOST_ROWS = 0.2, 1 << 20, 100_000
_FINE, _EXACT = 1e6, 9  # six decimals, rounded outward from what a double is sure of
_ROUNDED = {"_low": "floor", "_high": "ceil"}
_COPIES = {
    "parquet": "FORMAT parquet",
    "csv": "FORMAT csv, HEADER {header}",
    "tsv": "FORMAT csv, HEADER {header}, DELIMITER '\t', QUOTE ''",
    "json": "FORMAT json, ARRAY true",
    "jsonl": "FORMAT json",
}
# what a command adds to a row, how people see it, and the title
_ADDS: Mapping[str, tuple[Mapping[str, View], str]] = {
    "growth": ({"growth": View.CHANGE}, "{value}, and its growth on {lag} before"),
    "share": ({"share": View.SHARE}, "{value}, and its share of all by {over}"),
    "total": ({}, "{value} of all by {over} together"),
    "top": ({"position": View.POSITION}, "{value}, and its position among all by {over}"),
    "compare": (
        {"difference": View.BOUNDED, "growth": View.CHANGE},
        "{value}, its difference and growth on P1Y before",
    ),
}


def answer_table(
    command: str, table: Table, values: Mapping[str, Any], given: Collection[str]
) -> int | None:
    """Answer *command* from a table; *values* has all other options, *given* those that are typed.

    UsageError for an option that says nothing here and for a file or column that there is not;
    NotComparable as :func:`evcli.columns.check`.
    """
    _check_given(command, table, values, given)
    try:
        import duckdb
    except ImportError:
        raise UsageError("--table needs DuckDB", 'pip install "evcli[tables]"') from None
    output = Output(**{name: values[name] for name in Output._fields})
    if (output.format or Path(output.out).suffix.lower()) in ("parquet", ".parquet"):
        if not output.out:
            raise UsageError("parquet is for a file", "add -o FILE.parquet")
        output = output._replace(format="parquet")
    else:
        output = output.settled()
    files, diagnostics = _files(table.tabled), diagnostics_for(output)
    with tempfile.TemporaryDirectory(prefix="evcli-") as folder, ExitStack() as stack:
        copy = Path(folder, "answer")
        if output.out and output.format in _COPIES:
            copy = stack.enter_context(whole_file(Path(output.out)))
        try:
            connection = stack.enter_context(_engine(files, copy, folder))

            def computed() -> DuckDBPyRelation:
                read = _read(connection, files, [*_names(table.key), *_names(table.same)])
                rows = _computed(read, command, table, values["period"], values.get("lag", ""))
                return _arranged(rows, command, table, values["period"], output)

            work: Callable[[], Answer | int] = partial(
                _answer, computed, command, table, values.get("lag", ""), output
            )
            if output.format in _COPIES:
                work = partial(_copied, connection, computed, output, copy)
            found = _watched(connection, diagnostics, work)
        except duckdb.Error as error:
            what = re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", str(error)).partition("\n")[0]
            raise UsageError(f"cannot compute with {table.tabled!r}: {what}") from None
        if isinstance(found, Answer):
            show(found, output._replace(fields="", sort="", limit=None))
            return None
        if output.out:
            diagnostics.notes([f"{found:,} rows in {output.out}"])
        else:
            with copy.open(encoding="utf-8", newline="") as stream:
                Stdout().write(iter(partial(stream.read, _CHUNK), ""))
    return ExitCode.FOUND_PROBLEMS if output.fail_empty and not found else None


def _check_given(
    command: str, table: Table, values: Mapping[str, Any], given: Collection[str]
) -> None:
    """UsageError for an option that says nothing here, or one that is missing."""
    if "words" in given:
        how = "quote the pattern of files: --table 'trade/*.parquet'"
        raise UsageError(f"--table takes no words, such as {values['words'][0]!r}", how)
    for name in given:
        if name not in _GOES_WITH:
            raise UsageError(f"--{name.replace('_', '-')} does not go with --table")
    typed = {**table._asdict(), "period": values["period"]}
    for name in ("key", "value", "period" if command in ("growth", "compare") else "over"):
        if not typed[name]:
            raise UsageError(f"--table needs --{name}", "it names a column")


def _files(pattern: str) -> list[str]:
    """The files that a pattern names, all of one kind."""
    named = glob.glob(pattern, recursive=True)  # noqa: PTH207 - a Path would read .. as a folder
    files = [path for path in sorted(named) if Path(path).is_file()]
    if not files:
        raise UsageError(
            f"no file is named {pattern!r}", "name Parquet or CSV files; * is any text"
        )
    for file in filter(glob.has_magic, files):
        raise UsageError(f"{file!r} has one of *?[ in its name", "rename the file")
    kinds = {Path(file.removesuffix(".gz")).suffix.lower() for file in files}
    if kinds != {".parquet"} and not kinds <= {".csv", ".tsv", ".txt"}:
        how = "all must be Parquet (.parquet) or text (.csv, .tsv, .txt)"
        raise UsageError(f"{pattern!r} names {' and '.join(sorted(kinds))} files", how)
    return [str(Path(file).resolve()) for file in files]


@contextmanager
def _engine(files: Sequence[str], copy: Path, folder: str) -> Iterator[DuckDBPyConnection]:
    """A DuckDB that reads *files*, writes *copy* and its own *folder*, and nothing else."""
    import duckdb

    allowed = ", ".join(_quoted(each) for each in (*files, copy.absolute()))
    with duckdb.connect(":memory:") as connection:
        for setting in (
            f"memory_limit = '{_MEMORY}'",
            f"temp_directory = {_quoted(folder)}",
            f"allowed_paths = [{allowed}]",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            "enable_progress_bar = true",
            "enable_progress_bar_print = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        yield connection


def _watched(connection: DuckDBPyConnection, diagnostics: Diagnostics, work: Callable[[], T]) -> T:
    """What *work* returns; meanwhile stderr says how far it is."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            while not wait([future], _TICK_S).done:
                diagnostics.progress(max(0, int(connection.query_progress())), 100)
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        diagnostics.progress(100, 100)
        return future.result()


def _read(
    connection: DuckDBPyConnection, files: Sequence[str], texts: Sequence[str]
) -> DuckDBPyRelation:
    """The table in *files*; what tells rows apart is text as it stands: codes keep their zeros."""
    if files[0].lower().endswith(".parquet"):
        return connection.read_parquet([*files])
    found = connection.read_csv([*files])
    return connection.read_csv([*files], dtype={e: "VARCHAR" for e in texts if e in found.columns})


def _computed(
    read: DuckDBPyRelation, command: str, table: Table, period: str, lag: str
) -> DuckDBPyRelation:
    """The rows that answer *command*, checked, with the columns that it is about."""
    from evcli import columns

    value, key, same = table.value, _names(table.key), _names(table.same)
    ends = [f"{value}{end}" for end in _ROUNDED]
    bounded = not table.precision and set(ends) <= set(read.columns)
    names = dict.fromkeys([*key, *_names(period), *same, value, *(ends if bounded else ())])
    for each in names:
        check_one_of("column", each, read.columns)
    rows: Any = read.select(*map(_column, names))
    if not bounded:
        kind = str(rows.types[rows.columns.index(value)])
        decimals = kind.startswith(("DOUBLE", "FLOAT", "DECIMAL"))
        rows = columns.bounded(rows, value, _precision(table, decimals=decimals))
    how: dict[str, Any] = {"key": key, "same": same, "period": period}
    if command in ("share", "total", "top"):
        how["over"] = table.over
    part = _pairs("part", table.part)
    for name in part:
        check_one_of("column of the key", name, [*key, *_names(period)])
    along = how.get("over", period)  # where what is put together must be whole
    rows = _only(rows, {each: part[each] for each in part if each != along or command == "total"})
    if command == "share":
        how["whole"] = _pairs("whole", table.whole)
    if command == "growth":
        how["lag"] = lag
    if command == "compare":
        rows = columns.difference(rows, value, **how)
        how["checked"], command = True, "growth"
    function = getattr(columns, "rank" if command == "top" else command)
    rows = function(rows, value, **how)
    return _only(rows, {each: part[each] for each in part if each in rows.columns})


def _only(rows: DuckDBPyRelation, wanted: Mapping[str, str]) -> DuckDBPyRelation:
    """The rows that have these texts."""
    from duckdb import ConstantExpression

    for name, text in wanted.items():
        rows = rows.filter(_column(name).cast("VARCHAR") == ConstantExpression(text))
    return rows


def _precision(table: Table, *, decimals: bool) -> float:
    if decimals and not table.precision:
        how = "--precision 0.1 for one decimal, 1000 for thousands, 0 where they are exact"
        raise UsageError(f"{table.value} is not in whole numbers: how exact are they?", how)
    try:
        precision = float(table.precision or 1)
        if isfinite(precision) and precision >= 0:
            return precision
    except ValueError:
        pass
    raise UsageError(f"--precision takes a number, not {table.precision!r}", "such as 0.1 or 1000")


def _arranged(
    rows: DuckDBPyRelation, command: str, table: Table, period: str, output: Output
) -> DuckDBPyRelation:
    """The rows as the options have them; for Parquet in any order unless they say which."""
    order = [*_names(table.key), *_names(period)]
    if command == "top":
        order = [*(each for each in order if each != table.over), "position", table.over]
    sorts = [_column(each).asc() for each in order if each in rows.columns]
    if name := output.sort.lstrip("-"):
        check_one_of("field to sort by", name, rows.columns)
        first = _column(name).desc() if output.sort.startswith("-") else _column(name).asc()
        sorts = [first.nulls_last(), *sorts]
    if sorts and (output.sort or output.limit or output.format != "parquet"):
        rows = rows.sort(*sorts)
    if output.limit is not None:
        rows = rows.limit(output.limit)
    if output.format != "parquet":
        ends = {f"{name}{end}" for name in (table.value, *_ADDS[command][0]) for end in _ROUNDED}
        kinds = zip(rows.columns, map(str, rows.types), strict=True)
        cells = [
            _as_text(name, kind, ends | {*_ADDS[command][0]}, output.format) for name, kind in kinds
        ]
        rows = rows.select(*cells)
    picked = _names(output.fields)
    for name in picked:
        check_one_of("field", name, rows.columns)
    return rows.select(*map(_column, picked)) if picked else rows


def _as_text(name: str, kind: str, computed: Collection[str], format: str) -> Expression:
    """A cell as it is printed: what is computed to six decimals, bounds outward."""
    from duckdb import ConstantExpression, FunctionExpression

    def call(function: str, *arguments: Any) -> Expression:
        made = (e if hasattr(e, "alias") else ConstantExpression(e) for e in arguments)
        return FunctionExpression(function, *made)

    cell = _column(name)
    if kind == "DOUBLE" and name in computed:
        how = next((_ROUNDED[end] for end in _ROUNDED if name.endswith(end)), "round")
        cell = call(
            how, call("round", cell, _EXACT) * ConstantExpression(_FINE)
        ) / ConstantExpression(_FINE)
    if kind == "DOUBLE" and format in ("csv", "tsv"):
        cell = call("regexp_replace", cell.cast("VARCHAR"), r"\.0$", "")
    if kind == "VARCHAR" and format == "tsv":
        cell = call("regexp_replace", cell, "[\t\r\n]", " ", "g")
    return cell.alias(name)


def _copied(
    connection: DuckDBPyConnection,
    computed: Callable[[], DuckDBPyRelation],
    output: Output,
    copy: Path,
) -> int:
    """Write the answer to *copy*; how many rows it has."""
    computed().create_view("answer")
    how = _COPIES[output.format].format(header=not output.no_header)
    done = connection.execute(f"COPY answer TO {_quoted(copy.absolute())} ({how})")
    return int(done.fetchall()[0][0])


def _answer(
    computed: Callable[[], DuckDBPyRelation], command: str, table: Table, lag: str, output: Output
) -> Answer:
    """The answer for people: a screen of it, unless they say how much."""
    rows = computed()
    adds, title = _ADDS[command]
    screen = output.format == "table" and not output.all and output.limit is None
    most = SCREEN_ROWS if screen else _MOST_ROWS
    cells = [tuple(map(_cell, row)) for row in rows.limit(most + 1).fetchall()]
    if len(cells) > most and not screen:
        how = "--limit N for the first, or write them with -o FILE.csv or FILE.parquet"
        raise UsageError(f"more than {most:,} rows are too many for a {output.format}", how)
    kinds = zip(rows.columns, map(str, rows.types), strict=True)
    views, columns = [], []
    for name, kind in kinds:
        number = kind == "VARCHAR" or kind.startswith(("DATE", "TIME", "BOOL"))
        columns.append(Column(name, Kind.TEXT if number else Kind.NUMBER))
        view = {table.value: View.BOUNDED, **adds}.get(name)
        if view is not None:
            ends = ("_best", "_worst") if name == "position" else [*_ROUNDED]
            views.append(HumanColumn(name, view, (name, *(f"{name}{end}" for end in ends))))
        elif not name.endswith(("_low", "_high", "_best", "_worst")):
            views.append(HumanColumn(name, View.TEXT, (name,)))
    return Answer(
        tuple(columns),
        [dict(zip(rows.columns, row, strict=True)) for row in cells[:most]],
        () if output.fields else tuple(views),
        title=title.format(value=table.value, over=table.over, lag=lag),
        more="more rows: --all, or -o FILE.csv or FILE.parquet" if len(cells) > most else "",
    )


def _cell(value: Any) -> Value:
    if isinstance(value, float):
        return Fraction(repr(value)) if isfinite(value) else None
    if isinstance(value, Decimal):
        return Fraction(value)
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _column(name: str) -> Expression:
    from duckdb import ColumnExpression

    return ColumnExpression(name)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """What ``--part partner=MX`` says."""
    pairs = [each.partition("=") for each in texts]
    for name, _, value in pairs:
        if not (name and value):
            raise UsageError(f"--{option} takes COLUMN=VALUE, not {name!r}", "such as partner=MX")
    return {name: value for name, _, value in pairs}


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
