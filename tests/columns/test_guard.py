"""Bases by calendar, keys that stand once, and like with like, in every kind of frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw
import pytest

from evcli import columns
from evcli.errors import EvcliError, NotComparable, UnknownName, UsageError
from tests.columns.engines import ENGINES, by, pl, rows_of

every_engine = pytest.mark.parametrize("engine", ["pandas", "DuckDB"])

# periods in no order, a number each, and the changes that a lag gives; by hand
CALENDARS: dict[str, tuple[Sequence[Any], str, Sequence[int | None]]] = {
    "years": ([2025, 2023, 2024], "P1Y", [5 - 2, None, 2 - 3]),
    # 2024-12 has no November
    "months": ([202501, 202410, 202412], "P1M", [5 - 2, None, None]),
    "months as text": (["2025-01", "2024-12", "2024-10"], "P1M", [5 - 3, None, None]),
    "late months": (["2025-11", "2024-11", "2024-12"], "P1Y", [5 - 3, None, None]),
    "quarters": (["2025Q1", "2024Q4", "2024Q1"], "P3M", [5 - 3, None, None]),
    "a year of quarters": (["2025-Q1", "2024-Q4", "2024-Q1"], "P1Y", [5 - 2, None, None]),
    "halves": (["2025-H1", "2024-H2", "2024-H1"], "P6M", [5 - 3, 3 - 2, None]),
    "texts of years": (["2025", "2023", "2024"], "P1Y", [5 - 2, None, 2 - 3]),
    "month ends": ([date(2025, 2, 28), date(2024, 2, 29), date(2023, 2, 28)], "P1Y", [2, 1, None]),
    "moments": (
        [datetime(2025, 1, 1), datetime(2024, 12, 1), datetime(2024, 1, 1)], "P1Y", [3, None, None],
    ),
}  # fmt: skip


@every_engine
@pytest.mark.parametrize("case", CALENDARS)
def test_the_base_is_found_by_calendar(case: str, engine: str) -> None:
    periods, lag, expected = CALENDARS[case]
    frame = ENGINES[engine]({"when": periods, "x": [5, 3, 2]})
    frame = columns.bounded(frame, "x")
    out = columns.difference(frame, "x", key=[], period="when", lag=lag)
    assert by(rows_of(out, "x", "difference")) == dict(zip([5, 3, 2], expected, strict=True))


TRADE: dict[str, list[Any]] = {
    "partner": ["MX", "MX", "BR", "BR"],
    "month": ["2024-05", "2025-05", "2024-05", "2025-05"],
    "unit": ["cars", "cars", "cars", "cars"],
    "x": [1, 2, 3, 4],
}
GROWN: dict[str, Any] = {"key": ["partner"], "period": "month", "same": ["unit"]}
SUMMED: dict[str, Any] = {
    "key": ["partner"],
    "period": "month",
    "over": "partner",
    "same": ["unit"],
}


def with_cell(name: str, at: int, value: Any) -> dict[str, list[Any]]:
    """The trade above with another value in one cell."""
    return {
        each: [value if each == name and n == at else cell for n, cell in enumerate(cells)]
        for each, cells in TRADE.items()
    }


# what is wrong: the table, what is asked of it, the error, what it names, how it says so
REFUSED: dict[str, tuple[dict[str, list[Any]], str, type[EvcliError], tuple[str, ...], str]] = {
    "twice": (
        with_cell("month", 0, "2025-05"), "growth", NotComparable, ("partner", "month"),
        "2 rows of partner 'MX', month '2025-05': one is wanted",
    ),
    "no partner": (
        with_cell("partner", 3, None), "growth", NotComparable, ("partner", "month"),
        "a row of partner nothing, month '2025-05' has no such key or period",
    ),
    "no month": (
        with_cell("month", 3, None), "total", NotComparable, ("partner", "month"),
        "a row of partner 'BR', month nothing has no such key or period",
    ),
    "another unit later": (
        with_cell("unit", 3, "kg"), "growth", NotComparable, ("unit",),
        "rows of partner 'BR' differ in unit: 'cars' and 'kg'",
    ),
    "another unit beside": (
        with_cell("unit", 3, "kg"), "total", NotComparable, ("unit",),
        "rows of month '2025-05' differ in unit: 'cars' and 'kg'",
    ),
    "unit not told": (
        with_cell("unit", 3, None), "share", NotComparable, ("unit",),
        "rows of month '2025-05' differ in unit: 'cars' and 'nothing'",
    ),
    "a year among months": (
        with_cell("month", 3, "2025"), "growth", NotComparable, ("window",),
        "rows of partner 'BR' differ in window: 'month' and 'year'",
    ),
    "no period": (
        with_cell("month", 3, "May 2025"), "rank", NotComparable, ("partner", "month"),
        "a row of partner 'BR', month 'May 2025' has no such key or period",
    ),
}  # fmt: skip


@every_engine
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_computed_with_is_refused_by_name(case: str, engine: str) -> None:
    table, name, error, fields, message = REFUSED[case]
    frame = columns.bounded(ENGINES[engine](table), "x")
    function = getattr(columns, name)
    with pytest.raises(error) as caught:
        function(frame, "x", **(GROWN if name == "growth" else SUMMED))
    assert str(caught.value) == message
    assert caught.value.hint
    assert getattr(caught.value, "fields", ()) == fields


def test_days_of_one_month_are_refused() -> None:
    frame = ENGINES["polars"]({"day": [date(2025, 5, 1), date(2025, 5, 2)], "x": [1, 2]})
    with pytest.raises(NotComparable, match="2 rows of day '2025-05': one is wanted"):
        columns.growth(columns.bounded(frame, "x"), "x", key=[], period="day")


def test_numbers_that_are_no_periods() -> None:
    for wrong in (12, 202513, 20250501):
        frame = columns.bounded(ENGINES["polars"]({"when": [wrong], "x": [1]}), "x")
        with pytest.raises(NotComparable, match=f"a row of when '{wrong}' has no such"):
            columns.growth(frame, "x", key=[], period="when")


def test_what_differs_and_is_not_put_together_is_fine() -> None:
    table = with_cell("unit", 3, "kg")
    table["unit"][2] = "kg"  # Brazil in kg throughout
    frame = columns.bounded(ENGINES["polars"](table), "x")
    grown = columns.growth(frame, "x", **GROWN)
    assert sorted(rows_of(grown, "x", "growth"))[1] == (2, 100.0)
    with pytest.raises(NotComparable, match="rows differ in unit: 'cars' and 'kg'"):
        columns.check(frame, ["partner"], ["unit"], period="month")
    columns.check(frame, ["partner"], ["unit"], period="month", over=["month"])


def test_the_check_is_one_query_and_lazy_stays_lazy(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = []
    collect = nw.LazyFrame.collect

    def counted(query: Any, *how: Any) -> Any:
        queries.append(query)
        return collect(query, *how)

    monkeypatch.setattr(nw.LazyFrame, "collect", counted)
    for engine in ("polars, lazy", "DuckDB"):
        frame = columns.bounded(ENGINES[engine](TRADE), "x")
        for function, how in (
            (columns.growth, GROWN), (columns.difference, GROWN), (columns.share, SUMMED),
            (columns.total, SUMMED), (columns.rank, SUMMED),
        ):  # fmt: skip
            queries.clear()
            assert type(function(frame, "x", **how)) is type(frame)
            assert len(queries) == 1
            assert type(function(frame, "x", checked=True, **how)) is type(frame)
            assert len(queries) == 1


@every_engine
def test_names_are_only_names(engine: str) -> None:
    evil, odd = 'a"; DROP TABLE trade; --', "数量 order"
    frame = ENGINES[engine]({evil: ["u", "v"], "select": [2025, 2025], odd: [30, 10]})
    frame = columns.bounded(frame, odd)
    out = columns.share(frame, odd, key=[evil], over=evil, period="select")
    assert by(rows_of(out, evil, "share")) == {"u": 75.0, "v": 25.0}


def test_what_is_not_there_is_said() -> None:
    frame = ENGINES["DuckDB"]({"when": [2025], "x": [1], "word": ["a"]})
    with pytest.raises(UsageError, match="no column x_low") as caught:
        columns.growth(frame, "x", key=[], period="when")
    assert caught.value.hint == "bounded(frame, 'x', precision) adds it"
    with pytest.raises(UsageError, match="unknown column 'y'"):
        columns.bounded(frame, "y")
    with pytest.raises(UsageError, match="word holds no numbers but String"):
        columns.bounded(frame, "word")
    bounded = columns.bounded(frame, "x")
    with pytest.raises(UsageError, match="'1 year' is not a lag"):
        columns.growth(bounded, "x", key=[], period="when", lag="1 year")
    with pytest.raises(UsageError, match="unknown column of the key to go over 'word'"):
        columns.total(bounded, "x", key=["when"], over="word")
    with pytest.raises(UsageError, match="x_low holds no periods but Float64"):
        columns.growth(bounded, "x", key=[], period="x_low")


def test_a_sum_keeps_what_is_the_same() -> None:
    summed = columns.total(columns.bounded(ENGINES["DuckDB"](TRADE), "x"), "x", **SUMMED)
    names = ("month", "unit", "x", "x_low", "x_high")
    assert sorted(rows_of(summed, *names)) == [
        ("2024-05", "cars", 4.0, 3.0, 5.0),
        ("2025-05", "cars", 6.0, 5.0, 7.0),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_whole_that_no_row_has_is_refused(engine: str) -> None:
    frame = ENGINES[engine]({"place": ["MX", "World"], "x": [30, 40]})
    frame = columns.bounded(frame, "x")
    with pytest.raises(UnknownName, match="no place named 'Wrold'") as error:
        columns.share(frame, "x", key=["place"], over="place", whole="Wrold")
    assert error.value.hint == "did you mean 'World'?"
    columns.share(frame, "x", key=["place"], over="place", whole="Wrold", checked=True)


def test_one_row_can_be_the_whole() -> None:
    table: dict[str, list[Any]] = {"place": ["World", "MX", "BR"], "x": [200.0, 50.0, 25.0]}
    frame = pl.DataFrame(table).lazy()
    frame = columns.bounded(frame, "x", precision=0)
    out = columns.share(frame, "x", key=["place"], over="place", whole="World")
    assert by(rows_of(out, "place", "share")) == {"MX": 25.0, "BR": 12.5}
