"""The formulas of :mod:`evcli.core.formula` on the columns of a table of any size.

Every function takes a frame that Narwhals knows (pandas, polars, Arrow, DuckDB, PySpark), and
returns one of the same kind with more columns; a lazy one stays lazy. A number called ``x`` has
its bounds in ``x_low`` and ``x_high``; an end that is open, or not known, is null.

*key* names the columns that say which series a row belongs to, *period* that of its time: dates,
texts (``2025``, ``2025-H1``, ``2025-Q3``, ``2025-05``) or whole numbers (``2025``, ``202505``).
A series has one row a period, and what differs in one of the columns *same* is never put together:
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

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

import narwhals as nw

from evcli.core.formula import DIFFERENCE, GROWTH, PROPORTION, SHARE, Formula
from evcli.errors import NotComparable, UsageError, check_one_of

Names = Sequence[str]
_ENDS = ("", "_low", "_high")
_BASES = ("_base", "_base_low", "_base_high")
_GAPS = ("_gaps", "_gaps_low", "_gaps_high")
_MONTH, _ONE, _ROWS, _WINDOW = "_month", "_one", "_rows", "window"
_PERIOD = r"^[0-9]{4}(?:-(?:0[1-9]|1[0-2]|Q[1-4]|H[12]))?$"
_LAST_YEAR = 9_999  # whole numbers above are months: 202505


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
    data = nw.from_native(frame)
    _check_names(data, [name], [name])
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
    part: Mapping[str, object] | None = None,
    whole: Mapping[str, object] | None = None,
    **how: Unpack[Guard],
) -> Any:
    """Rows with their percentage of all that differ from them in *over* alone: ``share`` and ends.

    The whole is the sum of these, or that row of them which *whole* names
    (``{"partner": "World"}``) and which is no part itself. Only rows like *part* are wanted.

    >>> import pandas as pd
    >>> cars = bounded(pd.DataFrame({"fuel": ["bev", "ice"], "qty": [25, 75]}), "qty")
    >>> [float(each) for each in share(cars, "qty", key=["fuel"], over="fuel")["share"]]
    [25.0, 75.0]
    """
    data, rest = _grouped(frame, name, key, over, period, **how)
    _check_names(data, [*(part or ()), *(whole or ())])
    if whole:
        wholes = data.filter(_is(whole)).select(*rest, *_as_base(name))
        data = data.filter(~_is(whole)).join(wholes, on=rest, how="left")
    else:
        # less the row itself, what is not known of it included
        sums = _summed(data, name, rest).select(*rest, *_as_base(name), *_GAPS)
        data = data.join(sums, on=rest, how="left").with_columns(
            nw.when(nw.col(gaps) == nw.col(f"{name}{end}").is_null().cast(nw.Int64))
            .then(nw.col(base) - nw.col(f"{name}{end}").fill_null(0))
            .alias(base)
            for end, base, gaps in zip(_ENDS, _BASES, _GAPS, strict=True)
        )
        data = data.drop(*_GAPS)
    data = data.filter(_is(part)) if part else data
    out = _computed(data, SHARE if whole else PROPORTION, name, "share")
    return out.drop(*_BASES, _ONE).to_native()


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
        nw.when(nw.col(gaps) == 0).then(nw.col(f"{name}{end}")).alias(f"{name}{end}")
        for end, gaps in zip(_ENDS, _GAPS, strict=True)
    ]
    return _summed(data, name, rest, kept).select(*rest[:-1], *kept, *ends).to_native()


def rank(
    frame: Any, name: str, *, key: Names, over: str, period: str = "", **how: Unpack[Guard]
) -> Any:
    """*frame* with the place of each row, from the largest down, among all that differ from it in
    *over* alone: ``position``, and the ``position_best`` and ``position_worst`` that bounds allow.

    Equal numbers share the better place. What has no number has no place and takes none; what has
    an open upper end has none either, but may stand above the others.
    """
    data, rest = _grouped(frame, name, key, over, period, **how)
    if data.implementation.is_pyarrow():  # no ranks within groups
        raise UsageError("rank does not work on Arrow tables", "try duckdb.from_arrow(table)")
    row = [*key, *_named(period), _ONE]
    low, high = (nw.col(f"{name}{end}").cast(nw.Float64) for end in _ENDS[1:])
    lowest, highest = nw.lit(float("-inf")), nw.lit(float("inf"))
    known = data.filter(~nw.col(name).is_null()).select(
        *(*row, name),
        high.is_null().alias("_open"),
        nw.when(low.is_null()).then(lowest).otherwise(low).alias("_low"),
        nw.when(high.is_null()).then(highest).otherwise(high).alias("_high"),
    )
    ends = [(nw.col(end).alias("_end"), nw.lit(end).alias("_is")) for end in _ENDS[1:]]
    stacked = nw.concat([known.with_columns(*each) for each in ends])

    def place(column: str, *among: str) -> nw.Expr:
        return nw.col(column).rank("min", descending=True).over(*rest, *among).cast(nw.Int64)

    # so many ends of the other kind are above this one
    others = place("_end") - place("_end", "_is")
    itself = nw.when(nw.col("_high") > nw.col("_low")).then(nw.lit(1)).otherwise(nw.lit(0))
    is_high = nw.col("_is") == "_high"
    places = {
        "position": place(name, "_is"),
        "position_best": nw.when(is_high).then(1 + others),
        "position_worst": nw.when(~is_high).then(1 + others - itself),
    }
    found = stacked.with_columns(**places).filter(~nw.col("_open")).group_by(row)
    best = found.agg(*(nw.col(each).max() for each in places))
    return data.join(best, on=row, how="left").drop(_ONE).to_native()


def check(
    frame: Any, key: Names, same: Names = (), *, period: str = "", over: Names | None = None
) -> None:
    """Refuse a table with which nothing can be computed. Runs one query, also on a lazy frame.

    NotComparable names a *key*, with its *period*, that several rows have or that is not known, and
    the columns *same* that differ within what is put together: all rows that differ in *over*
    alone, or the whole table. UsageError names a period that is none.

    >>> import pandas as pd
    >>> cars = pd.DataFrame({"fuel": ["bev", "ice"], "unit": ["cars", "kg"]})
    >>> check(cars, ["fuel"], ["unit"])
    Traceback (most recent call last):
    evcli.errors.NotComparable: rows differ in unit: 'cars' and 'kg'
    """
    data = nw.from_native(frame).lazy()
    names = [*key, *_named(period)]
    _check_names(data, [*names, *same])
    alike = {each: nw.col(each).cast(nw.String).fill_null("") for each in same}
    wrong, dated = nw.lit(value=False), False
    if period:
        month, wrong, window = _calendar(data, period)
        dated = data.collect_schema()[period].is_temporal()
        if dated:
            data = data.with_columns(month.alias(period))
        elif over is not None and period in over:
            alike[_WINDOW] = window
    both = [(f"_low{at}", f"_high{at}") for at in range(len(alike))]
    texts = {each: nw.col(each).cast(nw.String) for each in names}
    none = nw.lit(None, nw.String)
    found = []
    if names:
        unknown = nw.any_horizontal(*(nw.col(each).is_null() for each in names), ignore_nulls=True)
        rows = data.group_by(names).agg(nw.len().alias(_ROWS))
        rows = rows.filter((nw.col(_ROWS) > 1) | unknown | wrong)
        found.append(rows.with_columns(**texts, **{end: none for ends in both for end in ends}))
    if alike:
        rest = [each for each in names if over is not None and each not in over] or [_ONE]
        cells = {end: e for ends, e in zip(both, alike.values(), strict=True) for end in ends}
        groups = data.with_columns(nw.lit(1).alias(_ONE), **cells).group_by(rest)
        ends = [end for low, high in both for end in (nw.col(low).min(), nw.col(high).max())]
        unlike = nw.any_horizontal(*(nw.col(a) != nw.col(b) for a, b in both), ignore_nulls=True)
        known = {each: text if each in rest else none for each, text in texts.items()}
        odd = groups.agg(*ends).filter(unlike)
        found.append(odd.with_columns(nw.lit(1).alias(_ROWS), **known))
    columns = [*names, *(end for ends in both for end in ends)]
    parts = [each.select(*columns, nw.col(_ROWS).cast(nw.Int64)) for each in found]
    if parts:
        first = nw.concat(parts).sort(_ROWS, *names, descending=[True, *(False for _ in names)])
        # what is not polars would come as Arrow, which need not be there
        met = first.head(1).collect(None if data.implementation.is_polars() else "pandas")
        for row in met.rows(named=True):
            told = {name: each for name, each in row.items() if each == each}
            if dated and told.get(period):
                year, month_of_it = divmod(int(told[period]), 12)
                told[period] = f"{year:04}-{month_of_it + 1:02}"
            _refuse(told, names, [*alike])


def _refuse(row: Mapping[str, Any], names: Names, alike: Names) -> None:
    """Say what is wrong with the row that :func:`check` found."""
    where = ", ".join(f"{each} {row[each]!r}" for each in names if row.get(each) is not None)
    of = f" of {where}" if where else ""
    pairs = {
        each: [row.get(f"_{end}{at}") or "nothing" for end in ("low", "high")]
        for at, each in enumerate(alike)
    }
    differ = {
        each: " and ".join(map(repr, ends)) for each, ends in pairs.items() if ends[0] != ends[1]
    }
    unknown = [each for each in names if row.get(each) is None]
    if differ:
        told = ", ".join(f"{each}: {ends}" for each, ends in differ.items())
        how = "what tells them apart belongs into key, or they are two tables"
        raise NotComparable(f"rows{of} differ in {told}", [*differ], how)
    if unknown:
        how = "leave such rows out, or say what they are"
        raise NotComparable(f"a row{of} has no {' and no '.join(unknown)}", unknown, how)
    if row[_ROWS] > 1:
        how = "add to key what tells them apart"
        raise NotComparable(f"{row[_ROWS]:,} rows{of}: one is wanted", names, how)
    how = "write 2025, 2025-H1, 2025-Q3 or 2025-05, whole numbers such as 202505, or dates"
    raise UsageError(f"{names[-1]} {row[names[-1]]!r} is no period", how)


def _calendar(data: Any, period: str) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """The first month of a period, counted from the year 0; whether it is none; its window."""
    kind, column = data.collect_schema()[period], nw.col(period)
    if kind.is_temporal():
        month = column.dt.year().cast(nw.Int64) * 12 + column.dt.month() - 1
        return month, nw.lit(value=False), nw.lit("month")
    if kind.is_integer():
        monthly, at = column > _LAST_YEAR, column % 100
        month = nw.when(monthly).then(column // 100 * 12 + at - 1).otherwise(column * 12)
        wrong = (column < 1_000) | (column > 999_912) | (monthly & ~at.is_between(1, 12))
        return month, wrong, nw.when(monthly).then(nw.lit("month")).otherwise(nw.lit("year"))
    if kind != nw.String:
        how = "periods are dates (pd.to_datetime makes them), texts or whole numbers"
        raise UsageError(f"{period} holds no periods but {kind}", how)
    # whatever the window, only digits are cast
    mark, at = column.str.slice(5, 1), column.str.slice(-1).cast(nw.Int64) - 1
    since, window = nw.lit(0), nw.lit("year")
    for sign, months, name in (
        ("0", at, "month"), ("1", at + 10, "month"), ("Q", at * 3, "quarter"), ("H", at * 6, "half")
    ):  # fmt: skip
        since = nw.when(mark == sign).then(months).otherwise(since)
        window = nw.when(mark == sign).then(nw.lit(name)).otherwise(window)
    month = column.str.slice(0, 4).cast(nw.Int64) * 12 + since
    return month, ~column.str.contains(_PERIOD), window


def _on_base(
    formula: Formula, frame: Any, name: str, key: Names, period: str, lag: str, **how: Unpack[Guard]
) -> Any:
    from evcli.query.computed import lag_months

    months = lag_months(lag)
    data, _ = _grouped(frame, name, key, period, period, **how)
    month = _calendar(data, period)[0]
    base = data.select(*key, (month + months).alias(_MONTH), *_as_base(name))
    joined = data.with_columns(month.alias(_MONTH)).join(base, on=[*key, _MONTH], how="left")
    out = _computed(joined, formula, name, formula.name)
    return out.drop(_MONTH, _ONE, *_BASES).to_native()


def _grouped(
    frame: Any, name: str, key: Names, over: str, period: str, **how: Unpack[Guard]
) -> tuple[Any, list[str]]:
    """The checked frame, and the columns in which rows agree that are put together."""
    names, same = [*key, *_named(period)], how.get("same", ())
    data = nw.from_native(frame)
    _check_names(data, [*names, *same], [f"{name}{end}" for end in _ENDS])
    check_one_of("column of the key to go over", over, names)
    if not how.get("checked"):
        check(frame, key, same, period=period, over=[over])
    return data.with_columns(nw.lit(1).alias(_ONE)), [*(e for e in names if e != over), _ONE]


def _summed(data: Any, name: str, rest: Names, kept: Names = ()) -> Any:
    """The sums of *name* and its ends by *rest*, how many of each are missing, what is *kept*."""
    ends = [f"{name}{end}" for end in _ENDS]
    numbers = [nw.col(each).cast(nw.Float64) for each in ends]
    gaps = [
        nw.col(e).is_null().cast(nw.Int64).alias(gap) for e, gap in zip(ends, _GAPS, strict=True)
    ]
    sums = [nw.col(each).sum() for each in (*ends, *_GAPS)]
    groups = data.with_columns(*numbers, *gaps).group_by(list(rest))
    return groups.agg(*(nw.col(each).max() for each in kept), *sums)


def _computed(frame: Any, formula: Formula, name: str, into: str) -> Any:
    """*frame* with *formula* of *name* and the base: *into*, its ``_low`` and its ``_high``.

    Null where a denominator is not above zero, or an end that is needed is open.
    """

    def at(first: str, second: str) -> nw.Expr:
        numbers = nw.col(f"{name}{first}"), nw.col(f"{_BASES[0]}{second}")
        result: nw.Expr = formula.function(*numbers)
        for position in formula.denominators:
            result = nw.when(numbers[position] > 0).then(result)
        return result

    def end(want: int) -> nw.Expr:
        first, second = (_ENDS[-want * formula.direction(position)] for position in (0, 1))
        if formula.numerator is None:
            return at(first, second)
        # below zero a quotient moves the other way with its denominator
        below = nw.when(nw.col(_BASES[1]) > 0).then(at(first, _ENDS[want * formula.direction(1)]))
        return nw.when(nw.col(f"{name}{first}") >= 0).then(at(first, second)).otherwise(below)

    ends = zip(_ENDS, (at("", ""), end(-1), end(+1)), strict=True)
    return frame.with_columns(expr.alias(f"{into}{each}") for each, expr in ends)


def _as_base(name: str) -> list[nw.Expr]:
    return [nw.col(f"{name}{end}").alias(base) for end, base in zip(_ENDS, _BASES, strict=True)]


def _is(values: Mapping[str, object]) -> nw.Expr:
    tests = [nw.col(each).cast(nw.String) == str(value) for each, value in values.items()]
    return nw.all_horizontal(*tests, ignore_nulls=True)


def _named(period: str) -> list[str]:
    return [period] if period else []


def _check_names(data: Any, names: Names, numbers: Names = ()) -> None:
    schema = data.collect_schema()
    for each in (*names, *numbers[:1]):
        check_one_of("column", each, schema)
    for each in numbers:
        if each not in schema:
            how = f"bounded(frame, {numbers[0]!r}, precision) adds it"
            raise UsageError(f"no column {each}", how)
        if not schema[each].is_numeric():
            raise UsageError(f"{each} holds no numbers but {schema[each]}")
