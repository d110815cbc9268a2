"""``evcli growth --table 'trade/*.parquet'``: other people's tables, too large for a store.

DuckDB streams what :mod:`evcli.columns` computes. It reads the files that the pattern names and
writes the one that is asked for; it loads no extension, opens no address and is given no SQL.
"""

import glob
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from evcli.columns import bounded, difference, growth, rank, share, total
from evcli.commands.options import OtherTable, Output
from evcli.commands.session import diagnostics_for, show
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.errors import UsageError, check_one_of
from evcli.files import whole_file
from evcli.model.answer import SCREEN_ROWS, Answer, Column, HumanColumn, Kind, Rounding, Value, View

try:
    import duckdb
except ImportError:
    raise UsageError("--table needs DuckDB", 'pip install "evcli[tables]"') from None

T = TypeVar("T")
column = duckdb.ColumnExpression
Engine: TypeAlias = duckdb.DuckDBPyConnection
Rows: TypeAlias = duckdb.DuckDBPyRelation
_GOES_WITH = {"period", *Output._fields} - {"excel", "notes", "sources", "verbose"}
_TICK_S, _MOST_ROWS = 0.2, 100_000  # that Python holds; files of CSV and Parquet have any number
_ENDS = {"_low": Rounding.DOWN, "_high": Rounding.UP}
_VIEWS = {"growth": View.CHANGE, "share": View.SHARE, "difference": View.BOUNDED}
_TAKES = {"growth": ["lag"], "share": ["over", "whole"], "total": ["over"], "top": ["over"]}


def answer_table(
    command: str, table: OtherTable, values: Mapping[str, Any], given: Sequence[str]
) -> int | None:
    """Answer *command* from a table; *values* has all other options, *given* those that are typed.
    UsageError for an option that says nothing here and for a file or column that there is not;
    NotComparable as :func:`evcli.columns.check`.
    """
    if "words" in given:
        how = "quote the pattern of files: --table 'trade/*.parquet'"
        raise UsageError(f"--table takes no words, such as {values['words'][0]!r}", how)
    takes = _TAKES.get(command, [])
    for name in (*given, *(each for each in ("over", "whole") if getattr(table, each))):
        if name not in (*_GOES_WITH, *takes):
            raise UsageError(f"--{name.replace('_', '-')} does not go with {command} --table")
    for name in ("key", "value", "over" if "over" in takes else "period"):
        if not {**values, **table._asdict()}[name]:
            raise UsageError(f"--table needs --{name}", "it names a column")
    output = Output(**{name: values[name] for name in Output._fields})
    parquet = output.out.lower().endswith(".parquet") and output.format in ("", "parquet")
    output = output._replace(format="parquet") if parquet else output.settled()
    copied = bool(output.out) and output.format in ("csv", "parquet")  # by DuckDB, any number
    files = _files(table.tabled)
    target = whole_file(Path(output.out).absolute()) if copied else nullcontext(Path())
    try:
        with target as copy, _engine(files, copy) as connection:

            def work() -> Answer | int:
                found = _computed(connection, files, command, table, values)
                rows = _arranged(found, output, table)
                if not copied:
                    return _answer(rows, table, output)
                how = "parquet" if parquet else f"csv, HEADER {not output.no_header}"
                rows.create_view("answer")
                into = f"{_quoted(copy)} (FORMAT {how}, USE_TMP_FILE false)"
                return int(connection.execute(f"COPY answer TO {into}").fetchall()[0][0])

            found = _watched(connection, diagnostics_for(output), work)
    except duckdb.Error as error:
        what = str(error).partition("\n")[0]
        raise UsageError(f"cannot compute with {table.tabled!r}: {what}") from None
    if isinstance(found, Answer):
        show(found, output._replace(fields="", sort="", limit=None))
        return None
    diagnostics_for(output).notes([f"{found:,} rows in {output.out}"])
    return ExitCode.FOUND_PROBLEMS if output.fail_empty and not found else None


def _files(pattern: str) -> list[str]:
    """The files that a pattern names, all of one kind."""
    named = glob.glob(pattern, recursive=True)  # noqa: PTH207 - a Path takes no absolute pattern
    files = [str(Path(each).resolve()) for each in sorted(named) if Path(each).is_file()]
    for file in filter(glob.has_magic, files):  # which DuckDB would take for a pattern
        raise UsageError(f"{file!r} has one of *?[ in its name", "rename the file")
    if not files:
        raise UsageError(f"{pattern!r} names no files", "Parquet or CSV; * is any text")
    return files


@contextmanager
def _engine(files: Sequence[str], copy: Path) -> Iterator[Engine]:
    """A DuckDB that reads *files*, writes *copy* and spills into a folder of its own, no more."""
    with tempfile.TemporaryDirectory(prefix="evcli-") as folder, duckdb.connect() as connection:
        settings = Path(__file__).with_name("table_engine.sql").read_text("utf-8")
        allowed = ", ".join(map(_quoted, (*files, copy)))
        connection.execute(settings.format(folder=_quoted(folder), allowed=allowed))
        yield connection


def _watched(connection: Engine, stderr: Diagnostics, work: Callable[[], T]) -> T:
    """What *work* returns; meanwhile stderr says how far it is."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            while not wait([future], _TICK_S).done:
                stderr.progress(max(0, int(connection.query_progress())), 100)
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        stderr.progress(100, 100)
        return future.result()


def _computed(
    engine: Engine, files: Sequence[str], command: str, table: OtherTable, values: Mapping[str, Any]
) -> Rows:
    """The rows that answer *command*, checked, with the columns that it is about."""
    key, same, value, period = _names(table.key), _names(table.same), table.value, values["period"]
    if files[0].lower().endswith(".parquet"):
        read = engine.read_parquet([*files])
    else:  # codes keep their zeros
        texts = {*key, *same}.intersection(engine.read_csv([*files]).columns)
        read = engine.read_csv([*files], dtype=dict.fromkeys(texts, "VARCHAR"))
    ends = [f"{value}{end}" for end in _ENDS]
    own = not table.precision and set(ends) <= set(read.columns)
    part = _parts(table.part)
    names = dict.fromkeys([*key, *filter(None, [period]), *same, value, *(ends if own else ())])
    for each in (*names, *part):
        check_one_of("column", each, names if each in part else read.columns)
    rows: Any = read.select(*map(column, names))
    if not own:
        if not re.fullmatch(r"(\d*\.?\d+)?", table.precision):
            raise UsageError(f"--precision takes a number such as 0.1, not {table.precision!r}")
        kind = str(rows.types[rows.columns.index(value)])
        if kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")) and not table.precision:
            hint = "--precision 0.1 for one decimal, 1000 for thousands, 0 where they are exact"
            raise UsageError(f"{value} is not in whole numbers: how exact are they?", hint)
        rows = bounded(rows, value, float(table.precision or 1))
    given = {**values, **table._asdict()}
    how: dict[str, Any] = {each: given[each] for each in _TAKES.get(command, ())}
    how |= {"key": key, "same": same, "period": period}
    along = table.over or period  # where what is put together must be whole
    rows = _only(rows, {e: part[e] for e in part if e != along or command == "total"})
    if command == "compare":
        rows = difference(rows, value, **how)
        how["checked"] = True
    functions: Mapping[str, Any] = {"share": share, "total": total, "top": rank}
    rows = functions.get(command, growth)(rows, value, **how)
    return _only(rows, {e: part[e] for e in part if e in rows.columns})


def _only(rows: Rows, wanted: Mapping[str, Sequence[str]]) -> Rows:
    """The rows that have one of these texts in each column."""
    for name, texts in wanted.items():
        constants = map(duckdb.ConstantExpression, texts)
        rows = rows.filter(column(name).cast("VARCHAR").isin(*constants))
    return rows


def _arranged(rows: Rows, output: Output, table: OtherTable) -> Rows:
    """The rows as the options have them; for Parquet in any order unless these say which."""
    before = rows.columns[: rows.columns.index(table.value)]
    places = [each for each in rows.columns if each == "position"]
    order = [*(each for each in before if each != table.over), *places, *before]
    sorts = [column(each).asc() for each in dict.fromkeys(order)]
    if name := output.sort.lstrip("-"):
        check_one_of("field to sort by", name, rows.columns)
        first = column(name).desc() if output.sort.startswith("-") else column(name).asc()
        sorts.insert(0, first.nulls_last())
    if output.sort or output.limit or output.format != "parquet":
        rows = rows.sort(*sorts)
    if output.limit is not None:
        rows = rows.limit(output.limit)
    picked = [*dict.fromkeys(_names(output.fields))] or rows.columns
    for name in picked:
        check_one_of("field", name, rows.columns)
    return rows.select(*map(column, picked))


def _answer(rows: Rows, table: OtherTable, output: Output) -> Answer:
    """The answer through Python: a screen of it for people, unless they say how much."""
    screen = output.format == "table" and not output.all and output.limit is None
    most = SCREEN_ROWS if screen else _MOST_ROWS
    cells = [tuple(map(_cell, row)) for row in rows.limit(most + 1).fetchall()]
    if len(cells) > most and not screen:
        how = "write them with -o FILE.csv or FILE.parquet, or take the first with --limit N"
        raise UsageError(f"more than {most:,} rows", how)
    columns, views = [], []
    for name, kind in zip(rows.columns, map(str, rows.types), strict=True):
        is_text = kind.startswith(("VARCHAR", "DATE", "TIME", "BOOL"))
        rounding = next((_ENDS[end] for end in _ENDS if name.endswith(end)), Rounding.NEAREST)
        columns.append(Column(name, Kind.TEXT if is_text else Kind.NUMBER, rounding))
        if rounding is Rounding.NEAREST:
            view = View.BOUNDED if name == table.value else _VIEWS.get(name, View.TEXT)
            views.append(HumanColumn(name, view, (name, f"{name}_low", f"{name}_high")))
    return Answer(
        tuple(columns),
        [dict(zip(rows.columns, row, strict=True)) for row in cells[:most]],
        () if output.fields else tuple(views),
        title=f"{table.value} of {table.tabled}",
        more="more rows: --all, or -o FILE.csv" if len(cells) > most else "",
    )


def _cell(value: Any) -> Value:
    if isinstance(value, (float, Decimal)):
        return Fraction(str(value)) if isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _parts(texts: Sequence[str]) -> dict[str, list[str]]:
    """The values by column, of ``--part partner=MX --part partner=BR``."""
    parts: dict[str, list[str]] = {}
    for name, equals, value in (text.partition("=") for text in texts):
        if not (name and value):
            what = f"--part takes COLUMN=VALUE, not {name + equals!r}"
            raise UsageError(what, "such as partner=MX")
        parts.setdefault(name, []).append(value)
    return parts


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
