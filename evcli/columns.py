"""The formulas of :mod:`evcli.core.formula` on the columns of a table of any size.

Every function takes a frame that Narwhals knows (pandas, polars, Arrow, DuckDB, PySpark), and
returns one of the same kind with more columns; a lazy one stays lazy. A number called ``x`` has
its bounds in ``x_low`` and ``x_high``; what is open, not known or not finite is null.

*key* names the columns that say which series a row belongs to, *period* that of its time: dates,
of which the month counts, or texts and whole numbers such as 2025, 2025-H1, 2025Q3, 202505. A
series has one row a period, and what differs in one of the columns *same* is never put together:
every function runs :func:`check`, one query, unless it is told ``checked=True``. A column that does
not exist, or has no bounds, is a UsageError.

>>> import pandas as pd
>>> trade = pd.DataFrame({"partner": ["MX", "MX", "BR"], "month": ["2024-05", "2025-05", "2025-05"],
...                       "qty": [41_000, 15_000, 5_000]})
>>> trade = bounded(trade, "qty", precision=1_000)
>>> out = growth(trade, "qty", key=["partner"], period="month")
>>> [None if pd.isna(each) else round(float(each), 1) for each in out["growth"]]
[None, -63.4, None]
>>> [round(float(out[name][1]), 1) for name in ("growth_low", "growth_high")]
[-65.1, -61.7]
"""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import narwhals as nw

from evcli.core.formula import DIFFERENCE, GROWTH, PROPORTION, SHARE, Formula
from evcli.errors import NotComparable, UnknownName, UsageError, check_one_of

Names = Sequence[str]
_ENDS = ("", "_low", "_high")
_BASES = ("_base", "_base_low", "_base_high")
_GAPS = ("_gaps", "_gaps_low", "_gaps_high")
_MONTH, _ONE, _ROWS = "_month", "_one", "_rows"
_NOTHING, _NEXT = "nothing", "\x1f"
_PERIOD = r"^[0-9]{4}(?:-?(?:0[1-9]|1[0-2]|Q[1-4]|H[12]))?$"


class Guard(TypedDict, total=False):
    """What must be the ``same`` in rows that are put together, and whether it is ``checked``."""

    same: Names
    checked: bool


def bounded(frame: Any, name: str, precision: float = 1, *, signed: bool = False) -> Any:
    """*frame* with the bounds of the numbers in *name*, printed to the nearest *precision*.

    That is 1000 for thousands, 0.1 for one decimal, 0 for what is exact. Bounds stop at zero unless
    the numbers are *signed*, which one below zero says of itself. No number has no bounds.

    >>> import pandas as pd
    >>> out = bounded(pd.DataFrame({"qty": [0.2, 31.4]}), "qty", precision=0.5)
    >>> [tuple(map(float, row)) for row in out[["qty_low", "qty_high"]].to_numpy()]
    [(0.0, 0.45), (31.15, 31.65)]
    """
    data = _checked_names(frame, [], [name])
    low, high = nw.col(name) - precision / 2, nw.col(name) + precision / 2
    if not signed:
        low = nw.when((low < 0) & (nw.col(name) >= 0)).then(nw.lit(0.0)).otherwise(low)
    return data.with_columns(low.alias(f"{name}_low"), high.alias(f"{name}_high")).to_native()


def growth(
    frame: Any, name: str, *, key: Names, period: str, lag: str = "P1Y", **how: Unpack[Guard]
) -> Any:
    """*frame* with ``growth``, ``growth_low`` and ``growth_high``: that of *name* in percent on the
    period that is *lag* (P1Y, P3M) before, found by calendar and never by row.

    All are null where that period is missing or not above zero.
    """
    return _on_base(GROWTH, frame, name, key, period, lag, **how)


def difference(
    frame: Any, name: str, *, key: Names, period: str, lag: str = "P1Y", **how: Unpack[Guard]
) -> Any:
    """As :func:`growth`, the change in the unit of *name*: ``difference`` and its ends.

    >>> import pandas as pd
    >>> years = bounded(pd.DataFrame({"year": [2023, 2024, 2026], "qty": [5, 7, 8]}), "qty")
    >>> float(difference(years, "qty", key=[], period="year")["difference"][1])
    2.0
    """
    return _on_base(DIFFERENCE, frame, name, key, period, lag, **how)


def share(
    frame: Any,
    name: str,
    *,
    key: Names,
    over: str,
    period: str = "",
    whole: str = "",
    **how: Unpack[Guard],
) -> Any:
    """Rows with their percentage of all that differ from them in *over* alone: ``share`` and ends.

    The whole is the sum of these, or the row that has *whole* ("World") there, which is no part;
    UnknownName where no row has it, unless all is checked.

    >>> import pandas as pd
    >>> cars = bounded(pd.DataFrame({"fuel": ["bev", "ice"], "qty": [25, 75]}), "qty")
    >>> [float(each) for each in share(cars, "qty", key=["fuel"], over="fuel")["share"]]
    [25.0, 75.0]
    """
    data, rest = _grouped(frame, name, key, over, period, **how)
    of, is_whole = data, nw.col(over).cast(nw.String) == whole
    if whole and not how.get("checked"):
        met = _collected(data.lazy().select(nw.col(over).cast(nw.String)).unique())
        if whole not in (names := [each for (each,) in met.rows() if isinstance(each, str)]):
            raise UnknownName.of(over, whole, sorted(names))
    if whole:
        of, data = data.filter(is_whole), data.filter(~is_whole)
    data = data.join(_summed(of, name, rest), on=rest, how="left")
    for end, base, gaps in zip(_ENDS, _BASES, _GAPS, strict=True):
        # the sum less the row itself, what is not known of it included
        own = nw.col(_ONE) - 1 if whole else nw.col(f"{name}{end}")
        known = nw.col(gaps) == own.is_null().cast(nw.Int64)
        data = data.with_columns(nw.when(known).then(nw.col(base) - own.fill_null(0)).alias(base))
    out = _computed(data, SHARE if whole else PROPORTION, name, "share")
    return out.drop(*_BASES, *_GAPS, _ONE).to_native()


def total(
    frame: Any, name: str, *, key: Names, over: str, period: str = "", **how: Unpack[Guard]
) -> Any:
    """The sum of *name* over all rows that differ in *over* alone, with the other columns of *key*,
    the *period* and *same*. It is null where a part is not known, and so are its ends.

    >>> import pandas as pd
    >>> cars = bounded(pd.DataFrame({"fuel": ["bev", "ice"], "qty": [30, 70]}), "qty")
    >>> total(cars, "qty", key=["fuel"], over="fuel").to_dict("records")
    [{'qty': 100.0, 'qty_low': 99.0, 'qty_high': 101.0}]
    """
    data, rest = _grouped(frame, name, key, over, period, **how)
    kept = [each for each in how.get("same", ()) if each not in rest]
    ends = [
        nw.when(nw.col(gaps) == 0).then(nw.col(base)).alias(f"{name}{end}")
        for end, base, gaps in zip(_ENDS, _BASES, _GAPS, strict=True)
    ]
    return _summed(data, name, rest, kept).select(*rest[:-1], *kept, *ends).to_native()


def rank(
    frame: Any, name: str, *, key: Names, over: str, period: str = "", **how: Unpack[Guard]
) -> Any:
    """*frame* with the ``position`` of each row, from the largest down, among all that differ from
    it in *over* alone. Equal numbers share the better one; what has no number has none.

    >>> import pandas as pd
    >>> cars = bounded(pd.DataFrame({"fuel": ["bev", "ice", "gas"], "qty": [30, 70, 30]}), "qty")
    >>> [int(each) for each in rank(cars, "qty", key=["fuel"], over="fuel")["position"]]
    [2, 1, 2]
    """
    data, rest = _grouped(frame, name, key, over, period, **how)
    if data.implementation.is_pyarrow():  # no ranks within groups
        raise UsageError("rank does not work on Arrow tables", "try duckdb.from_arrow(table)")
    position = nw.col(name).rank("min", descending=True).over(*rest)
    known = nw.when(~nw.col(name).is_null()).then(position)
    return data.with_columns(known.alias("position")).drop(_ONE).to_native()


def check(
    frame: Any, key: Names, same: Names = (), *, period: str = "", over: Names | None = None
) -> None:
    """Refuse a table with which nothing can be computed. Runs one query, also on a lazy frame.

    NotComparable names a *key*, with its *period*, that is empty, no period, or that of several
    rows, and the columns *same* that differ within what is put together: all rows that differ in
    *over* alone, or the whole table.

    >>> import pandas as pd
    >>> cars = pd.DataFrame({"fuel": ["bev", "ice"], "unit": ["cars", "kg"]})
    >>> check(cars, ["fuel"], ["unit"])
    Traceback (most recent call last):
    evcli.errors.NotComparable: rows differ in unit: 'cars' and 'kg'
    """
    names = [*key, *filter(None, [period])]
    data = _checked_names(frame, [*names, *same]).lazy()
    texts = {each: nw.col(each).cast(nw.String) for each in (*names, *same)}
    cells = {each: texts[each].fill_null(_NOTHING) for each in same}
    wrong = [nw.col(each).is_null() for each in names]
    if period and data.collect_schema()[period].is_temporal():
        data = data.with_columns(nw.col(period).dt.truncate("1mo"))
        texts[period] = texts[period].str.slice(0, 7)
    elif period:
        cells["window"] = _calendar(data, period)[1]
        wrong.append(cells["window"] == _NOTHING)

    def told(among: Names, low: nw.Expr, high: nw.Expr) -> list[nw.Expr]:
        named = [nw.lit(" of " if among else "")]
        for each in among:
            text = nw.concat_str([nw.lit("'"), texts[each], nw.lit("'")]).fill_null(_NOTHING)
            named += [nw.lit(f"{', ' if len(named) > 1 else ''}{each} "), text]
        where = nw.concat_str(named).alias("_where")
        return [nw.col(_ROWS).cast(nw.Int64), where, low.alias("_low"), high.alias("_high")]

    found = []
    if names:
        rows = data.group_by(names).agg(nw.len().alias(_ROWS))
        rows = rows.filter((nw.col(_ROWS) > 1) | nw.any_horizontal(*wrong, ignore_nulls=True))
        found.append(rows.select(*told(names, nw.lit(""), nw.lit(""))))
    if cells:
        rest = [each for each in names if over is not None and each not in over]
        cell = nw.concat_str([*cells.values()], separator=_NEXT).alias("_low")
        groups = data.with_columns(nw.lit(1).alias(_ROWS), cell).group_by([*rest, _ROWS])
        ends = groups.agg(nw.col("_low").min(), nw.col("_low").max().alias("_high"))
        unlike = ends.filter(nw.col("_low") != nw.col("_high"))
        found.append(unlike.select(*told(rest, nw.col("_low"), nw.col("_high"))))
    if found:
        first = nw.concat(found).sort(_ROWS, "_where", descending=[True, False]).head(1)
        for count, where, low, high in _collected(first).rows():
            _refuse(count, where, low, high, [*cells], names)


def _collected(lazy: Any) -> Any:
    # what is not polars would come as Arrow, which need not be there
    return lazy.collect(None if lazy.implementation.is_polars() else "pandas")


def _refuse(rows: int, where: str, low: str, high: str, alike: Names, names: Names) -> None:
    """Say what is wrong with the first that :func:`check` found."""
    how = "what tells them apart belongs into key, or leave such rows out"
    if low != high:
        pairs = zip(alike, low.split(_NEXT), high.split(_NEXT), strict=True)
        odd = {each: f"{each}: {one!r} and {other!r}" for each, one, other in pairs if one != other}
        raise NotComparable(f"rows{where} differ in {', '.join(odd.values())}", [*odd], how)
    if rows > 1:
        raise NotComparable(f"{rows:,} rows{where}: one is wanted", names, how)
    how = "periods are 2025, 2025-H1, 2025-Q3, 2025-05, 202505 or dates; nothing may be empty"
    raise NotComparable(f"a row{where} has no such key or period", names, how)


def _calendar(data: Any, period: str) -> tuple[nw.Expr, nw.Expr]:
    """The first month of a period, counted from the year 0; and its window."""
    kind, column = data.collect_schema()[period], nw.col(period)
    if kind.is_temporal():
        month = column.dt.year().cast(nw.Int64) * 12 + column.dt.month() - 1
        return month, nw.lit("month")
    if not (kind.is_integer() or kind == nw.String):
        how = "periods are dates (pd.to_datetime makes them), texts or whole numbers"
        raise UsageError(f"{period} holds no periods but {kind}", how)
    text = column.cast(nw.String).str.replace_all("-", "", literal=True)
    # whatever the window, only digits are cast
    mark, at = text.str.slice(4, 1), text.str.slice(-1).cast(nw.Int64) - 1
    since, window = nw.lit(0), nw.lit("year")
    for sign, months, name in (
        ("0", at, "month"), ("1", at + 10, "month"), ("Q", at * 3, "quarter"), ("H", at * 6, "half")
    ):  # fmt: skip
        since = nw.when(mark == sign).then(months).otherwise(since)
        window = nw.when(mark == sign).then(nw.lit(name)).otherwise(window)
    good = column.cast(nw.String).str.contains(_PERIOD)
    month = text.str.slice(0, 4).cast(nw.Int64) * 12 + since
    return month, nw.when(good).then(window).otherwise(nw.lit(_NOTHING))


def _on_base(
    formula: Formula, frame: Any, name: str, key: Names, period: str, lag: str, **how: Unpack[Guard]
) -> Any:
    from evcli.query.computed import lag_months

    months = lag_months(lag)
    data, _ = _grouped(frame, name, key, period, period, **how)
    month = _calendar(data, period)[0]
    ends = (nw.col(f"{name}{end}").alias(base) for end, base in zip(_ENDS, _BASES, strict=True))
    base = data.select(*key, (month + months).alias(_MONTH), *ends)
    joined = data.with_columns(month.alias(_MONTH)).join(base, on=[*key, _MONTH], how="left")
    out = _computed(joined, formula, name, formula.name)
    return out.drop(_MONTH, _ONE, *_BASES).to_native()


def _grouped(
    frame: Any, name: str, key: Names, over: str, period: str, **how: Unpack[Guard]
) -> tuple[Any, list[str]]:
    """The checked frame, and the columns in which rows agree that are put together."""
    names, same = [*key, *filter(None, [period])], how.get("same", ())
    ends = [f"{name}{end}" for end in _ENDS]
    data = _checked_names(frame, [*names, *same], ends)
    check_one_of("column of the key to go over", over, names)
    if not how.get("checked"):
        check(frame, key, same, period=period, over=[over])
    return data.with_columns(nw.lit(1).alias(_ONE)), [*(e for e in names if e != over), _ONE]


def _summed(data: Any, name: str, rest: Names, kept: Names = ()) -> Any:
    """By *rest* what is *kept*, and as base the sums of *name* and its ends and what they miss."""
    cells = []
    for end, base, gaps in zip(_ENDS, _BASES, _GAPS, strict=True):
        number = nw.col(f"{name}{end}").cast(nw.Float64)
        cells += [number.alias(base), number.is_null().cast(nw.Int64).alias(gaps)]
    groups = data.with_columns(*cells).group_by(list(rest))
    sums = [nw.col(each).sum() for each in (*_BASES, *_GAPS)]
    return groups.agg(*(nw.col(each).max() for each in kept), *sums)


def _computed(frame: Any, formula: Formula, name: str, into: str) -> Any:
    """*frame* with *formula* of *name* and the base, *into* and its ends: null where a denominator
    is not above zero, or an end that is needed is open.
    """

    def result(*numbers: nw.Expr) -> nw.Expr:
        value: nw.Expr = formula.function(*numbers)
        for position in formula.denominators:
            value = nw.when(numbers[position] > 0).then(value)
        return value

    results = {into: result(nw.col(name), nw.col(_BASES[0]))}
    for end, low in (("_low", 1), ("_high", -1)):
        first = nw.col(f"{name}{_ENDS[low * formula.direction(0)]}")
        base, other = (nw.col(_BASES[at * low * formula.direction(1)]) for at in (1, -1))
        if formula.numerator is not None:
            # below zero a quotient moves the other way with its denominator
            below = nw.when(nw.col(_BASES[1]) > 0).then(other)
            base = nw.when(first >= 0).then(base).otherwise(below)
        results[f"{into}{end}"] = result(first, base)
    return frame.with_columns(**results)


def _checked_names(frame: Any, names: Names, numbers: Names = ()) -> Any:
    """*frame* for Narwhals, with null for what is not finite in the columns *numbers*."""
    data = nw.from_native(frame)
    schema = data.collect_schema()
    for each in (*names, *numbers[:1]):
        check_one_of("column", each, schema)
    for each in numbers:
        if each not in schema:
            how = f"bounded(frame, {numbers[0]!r}, precision) adds it"
            raise UsageError(f"no column {each}", how)
        if not schema[each].is_numeric():
            raise UsageError(f"{each} holds no numbers but {schema[each]}")
    floats = [nw.col(each) for each in numbers if schema[each].is_float()]
    return data.with_columns(nw.when(each.is_finite()).then(each) for each in floats)
