"""Formulas on columns give what they give on numbers, whatever the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli import columns
from evcli.core import formula as core
from evcli.core.formula import DIFFERENCE, GROWTH, PROPORTION, SHARE, TOTAL, Formula
from evcli.errors import UsageError
from evcli.model.quantity import Bounds
from tests.columns.engines import ENGINES, by, rows_of
from tests.depth import examples

Number = float | None
Cell = tuple[Number, Number, Number]  # value, low, high
Row = tuple[Cell, Cell]
ENDS = ("", "_low", "_high")
NEAR = 1e-12


@st.composite
def cells(draw: st.DrawFn, lowest: int) -> Cell:
    """A number between its bounds; each may be unknown. Quarters are exact as floats."""
    low = draw(st.integers(lowest, 4_000))
    width = draw(st.integers(0, 400))
    value = draw(st.integers(low, low + width))
    shown: tuple[Number, ...] = (value / 4, low / 4, (low + width) / 4)
    unknown = draw(st.sets(st.integers(0, 2), max_size=2))
    return tuple(None if at in unknown else number for at, number in enumerate(shown))  # type: ignore[return-value]


PARTS = st.lists(st.tuples(cells(1), cells(1)), min_size=1, max_size=8)  # never below zero
ROWS = st.lists(st.tuples(cells(-4_000), cells(-40)), min_size=1, max_size=8)


def table_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Each row as two: the first cell is that of 2025 and of Mexico, the second that of 2024 and of
    the world.
    """
    two = [(at, cell, first) for at, row in enumerate(rows) for first, cell in enumerate(row)]
    return {
        "row": [at for at, _, _ in two],
        "year": [2025 - second for _, _, second in two],
        "place": ["world" if second else "Mexico" for _, _, second in two],
        **{f"x{end}": [cell[n] for _, cell, _ in two] for n, end in enumerate(ENDS)},
    }


def on_base(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """*function* of each row on the year before."""

    def computed(frame: Any) -> Any:
        return function(frame, "x", key=["row"], period="year", checked=True)

    return computed


def of_world(frame: Any) -> Any:
    return columns.share(
        frame, "x", key=["row", "place"], over="place", whole="world", checked=True
    )


def of_both(frame: Any) -> Any:
    shares = columns.share(frame, "x", key=["row", "place"], over="place", checked=True)
    return nw.from_native(shares).filter(nw.col("place") == "Mexico").to_native()


def together(frame: Any) -> Any:
    return columns.total(frame, "x", key=["row", "place"], over="place", checked=True)


# formula: rows with it, its column
CASES: dict[Formula, tuple[Callable[[Any], Any], str]] = {
    GROWTH: (on_base(columns.growth), "growth"),
    DIFFERENCE: (on_base(columns.difference), "difference"),
    SHARE: (of_world, "share"),
    PROPORTION: (of_both, "share"),
    TOTAL: (together, "x"),
}


def on_columns(formula: Formula, engine: str, rows: Sequence[Row]) -> list[Cell]:
    function, into = CASES[formula]
    if formula in (GROWTH, DIFFERENCE):  # the base has none itself
        wanted = ("row", "year", *(f"{into}{end}" for end in ENDS))
        told = rows_of(function(ENGINES[engine](table_of(rows))), *wanted)
        assert all(row[2:] == (None, None, None) for row in told if row[1] == 2024)
        told = [(row[0], *row[2:]) for row in told if row[1] == 2025]
    else:
        ends = (f"{into}{end}" for end in ENDS)
        told = rows_of(function(ENGINES[engine](table_of(rows))), "row", *ends)
    assert len(told) == len(rows)
    found = by(told)
    return [found[at] for at in range(len(rows))]


def on_numbers(formula: Formula, row: Row) -> Cell:
    """What a look-up says: exact fractions at the corners."""
    leaves = tuple(
        core.Leaf(str(at), _exact(value), Bounds(_exact(low), _exact(high)))
        for at, (value, low, high) in enumerate(row)
    )
    tree = core.Node(formula, leaves)
    ends = core.bounds(tree)
    value, low, high = (
        None if each is None else float(each) for each in (core.value(tree), ends.low, ends.high)
    )
    return value, low, high


def _exact(number: Number) -> Fraction | None:
    return None if number is None else Fraction(number)


def agree(given_: Number, expected: Number) -> bool:
    if given_ is None or expected is None:
        return given_ is expected
    return abs(given_ - expected) <= NEAR * max(1.0, abs(expected), 100.0)


def _looser(formula: Formula, row: Row) -> bool:
    """Whether the look-up gives up an end that the columns still know.

    With a numerator that may be below zero and a base without an end upwards the look-up asks for
    both ends of the base.
    """
    (_, low, high), (_, _, top) = row
    edge = low if low is not None else high
    return bool(formula.numerator is not None and edge is not None and edge < 0 and top is None)


@pytest.mark.parametrize("engine", ["pandas", "polars, lazy", "DuckDB"])
@pytest.mark.parametrize("formula", CASES, ids=lambda formula: formula.name)
@examples(3)
@given(data=st.data())
def test_columns_agree_with_numbers(formula: Formula, engine: str, data: st.DataObject) -> None:
    rows = data.draw(PARTS if formula is PROPORTION else ROWS)
    for row, told in zip(rows, on_columns(formula, engine, rows), strict=True):
        expected = on_numbers(formula, row)
        assert agree(told[0], expected[0]), (row, told, expected)
        for given_, wanted in zip(told[1:], expected[1:], strict=True):
            if wanted is None and _looser(formula, row):
                continue
            assert agree(given_, wanted), (row, told, expected)


# worked out by hand: value, low and high of both, then of the result
EXACT: list[tuple[Formula, Row, Cell]] = [
    (
        GROWTH,
        ((15, 14.5, 15.5), (41, 40.5, 41.5)),
        (-63.41463414634146, -65.06024096385542, -61.72839506172839),
    ),
    (GROWTH, ((15, 14.5, 15.5), (90, 90, None)), (-83.33333333333334, None, -82.77777777777777)),
    (GROWTH, ((15, 14.5, 15.5), (0, -1, 1)), (None, 1350.0, None)),
    (GROWTH, ((15, 14.5, 15.5), (0, 0, 0)), (None, None, None)),
    (GROWTH, ((15, 14.5, 15.5), (-5, -6, -4)), (None, None, None)),
    (SHARE, ((1, 1, None), (4, 4, 4)), (25.0, 25.0, None)),
    (SHARE, ((-10, -12, -8), (4, 2, 5)), (-250.0, -600.0, -160.0)),
    (SHARE, ((0, -2, 4), (4, 2, 5)), (0.0, -100.0, 200.0)),
    (DIFFERENCE, ((5, 4, 6), (2, None, 3)), (3.0, 1.0, None)),
    (TOTAL, ((5, 4, 6), (None, 1, 2)), (None, 5.0, 8.0)),
    # 1 of 4; at least 0.5 of 0.5 and 3.5, at most 1.5 of 1.5 and 2.5
    (PROPORTION, ((1, 0.5, 1.5), (3, 2.5, 3.5)), (25.0, 12.5, 37.5)),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("formula", CASES, ids=lambda formula: formula.name)
def test_worked_out_by_hand(formula: Formula, engine: str) -> None:
    cases = [(row, expected) for of, row, expected in EXACT if of is formula]
    for (row, expected), told in zip(
        cases, on_columns(formula, engine, [row for row, _ in cases]), strict=True
    ):
        assert all(map(agree, told, expected)), (told, expected)
        assert all(map(agree, on_numbers(formula, row), expected))


@pytest.mark.parametrize("engine", ["pandas", "pandas, nullable", "polars", "DuckDB"])
@examples(3)
@given(drawn=st.lists(cells(-20), min_size=1, max_size=8))
def test_places_count_what_is_larger(engine: str, drawn: list[Cell]) -> None:
    table: dict[str, list[Any]] = {
        "who": [f"m{at}" for at in range(len(drawn))],
        **{f"x{end}": [cell[n] for cell in drawn] for n, end in enumerate(ENDS)},
    }
    ranked = columns.rank(ENGINES[engine](table), "x", key=["who"], over="who", checked=True)
    told = by(rows_of(ranked, "who", "position"))
    known = [value for value, _, _ in drawn if value is not None]
    for at, (value, _, _) in enumerate(drawn):
        expected = None if value is None else 1 + sum(other > value for other in known)
        assert told[f"m{at}"] == expected


def test_arrow_tables_are_not_ranked() -> None:
    frame = columns.bounded(ENGINES["Arrow"]({"who": ["a"], "x": [1]}), "x")
    with pytest.raises(UsageError, match="rank"):
        columns.rank(frame, "x", key=["who"], over="who")


@pytest.mark.parametrize("engine", ENGINES)
def test_bounds_come_from_the_precision(engine: str) -> None:
    frame = ENGINES[engine]({"x": [1_500, 200, None, -100]})
    ends = ("x_low", "x_high")
    told = rows_of(columns.bounded(frame, "x", precision=1_000), *ends)
    # half a thousand either side; 200 is no number below zero, -100 is
    assert told == [(1_000.0, 2_000.0), (0.0, 700.0), (None, None), (-600.0, 400.0)]
    told = rows_of(columns.bounded(frame, "x", precision=1_000, signed=True), *ends)
    assert told[1] == (-300.0, 700.0)
    assert rows_of(columns.bounded(frame, "x", precision=0), *ends)[0] == (1_500.0, 1_500.0)


def test_what_was_there_stays_and_nothing_is_nan() -> None:
    pd = pytest.importorskip("pandas")
    frame = ENGINES["pandas, nullable"](table_of([((1.0, None, None), (0.0, 0.0, 0.0))]))
    before = frame.copy()
    out = CASES[GROWTH][0](frame)
    pd.testing.assert_frame_equal(frame, before)
    assert list(out.columns) == [*before.columns, "growth", "growth_low", "growth_high"]
    assert out["growth"].isna().tolist() == [True, True]
    assert all(each is pd.NA for each in out["growth"])


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_not_finite_is_null(engine: str) -> None:
    table: dict[str, list[Any]] = {
        "who": ["a", "b", "c"],
        "year": [2024, 2025, 2026],
        "x": [1.0, float("nan"), 2.0],
    }
    frame = columns.bounded(ENGINES[engine](table), "x", precision=0)
    out = columns.growth(frame, "x", key=[], period="year")
    assert by(rows_of(out, "who", "x", "growth"))["b"] == (None, None)
    summed = columns.total(frame, "x", key=["year"], over="year")
    assert rows_of(summed, "x", "x_high") == [(None, None)]
    endless = columns.bounded(ENGINES[engine]({**table, "x": [1.0, float("inf"), 3.0]}), "x")
    assert rows_of(endless, "x_low", "x_high")[1] == (None, None)
