"""Formulas on columns give what they give on numbers, in pandas and in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.core import formula as evaluate
from evcli.core.formula import DIFFERENCE, GROWTH, PROPORTION, RATIO, SHARE, TOTAL, Formula
from evcli.model.quantity import Bounds
from tests.depth import examples

pd = pytest.importorskip("pandas")
pytest.importorskip("narwhals")
from evcli.frame import with_formula  # noqa: E402

Number = float | None
Cell = tuple[Number, Number, Number]  # value, low, high
Row = tuple[Cell, Cell]
FORMULAS = [GROWTH, SHARE, PROPORTION, RATIO, DIFFERENCE, TOTAL]
NAMES = ("a", "b")
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


def frame_of(rows: Sequence[Row], dtype: str = "Float64") -> Any:
    columns: dict[str, list[Number]] = {}
    for at, name in enumerate(NAMES):
        for part, suffix in enumerate(("", "_low", "_high")):
            columns[name + suffix] = [row[at][part] for row in rows]
    return pd.DataFrame({name: pd.array(cells, dtype=dtype) for name, cells in columns.items()})


def results(frame: Any) -> list[list[Number]]:
    wanted = frame[["out", "out_low", "out_high"]]
    return [
        [None if pd.isna(cell) else float(cell) for cell in row]
        for row in wanted.itertuples(index=False)
    ]


def by_hand(formula: Formula, row: Row) -> list[Number]:
    """What the look-up says: exact fractions at the corners."""
    leaves = tuple(
        evaluate.Leaf(name, _exact(cell[0]), Bounds(_exact(cell[1]), _exact(cell[2])))
        for name, cell in zip(NAMES, row, strict=True)
    )
    tree = evaluate.Node(formula, leaves)
    ends = evaluate.bounds(tree)
    return [
        None if each is None else float(each)
        for each in (evaluate.value(tree), ends.low, ends.high)
    ]


def _exact(number: Number) -> Fraction | None:
    return None if number is None else Fraction(number)


def agree(given_: Number, expected: Number) -> bool:
    if given_ is None or expected is None:
        return given_ is expected
    return abs(given_ - expected) <= NEAR * max(1.0, abs(expected), 100.0)


def in_duckdb(formula: Formula, frame: Any) -> Any:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        relation = connection.from_df(frame)
        return with_formula(relation, formula, NAMES, into="out").df()


def _looser(formula: Formula, row: Row) -> bool:
    """Whether the look-up gives up an end that the columns still know.

    With a numerator that may be below zero and a base without an end upwards the look-up asks for
    both ends of the base.
    """
    (_, low, high), (_, _, top) = row
    edge = low if low is not None else high
    return bool(formula.numerator is not None and edge is not None and edge < 0 and top is None)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
@examples(40)
@given(data=st.data())
def test_pandas_agrees_with_the_look_up(formula: Formula, data: st.DataObject) -> None:
    rows = data.draw(PARTS if formula is PROPORTION else ROWS)
    for dtype in ("Float64", "float64"):
        told = results(with_formula(frame_of(rows, dtype), formula, NAMES, into="out"))
        for row, line in zip(rows, told, strict=True):
            expected = by_hand(formula, row)
            assert agree(line[0], expected[0]), (row, line, expected)
            for given_, wanted in zip(line[1:], expected[1:], strict=True):
                if wanted is None and _looser(formula, row):
                    continue
                assert agree(given_, wanted), (row, line, expected)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
@examples(8)
@given(rows=ROWS)
def test_duckdb_agrees_with_pandas(formula: Formula, rows: list[Row]) -> None:
    frame = frame_of(rows)
    pandas_ = results(with_formula(frame, formula, NAMES, into="out"))
    duck = results(in_duckdb(formula, frame))
    for one, other in zip(pandas_, duck, strict=True):
        assert all(map(agree, one, other)), (rows, one, other)


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
    (RATIO, ((-10, -12, -8), (4, 2, 5)), (-2.5, -6.0, -1.6)),
    (RATIO, ((0, -2, 4), (4, 2, 5)), (0.0, -1.0, 2.0)),
    (SHARE, ((1, 1, None), (4, 4, 4)), (25.0, 25.0, None)),
    (DIFFERENCE, ((5, 4, 6), (2, None, 3)), (3.0, 1.0, None)),
    (TOTAL, ((5, 4, 6), (None, 1, 2)), (None, 5.0, 8.0)),
]


@pytest.mark.parametrize(("formula", "row", "expected"), EXACT)
def test_worked_out_by_hand(formula: Formula, row: Row, expected: Cell) -> None:
    frame = frame_of([row])
    for told in (
        results(with_formula(frame, formula, NAMES, into="out"))[0],
        results(in_duckdb(formula, frame))[0],
        by_hand(formula, row),
    ):
        assert all(map(agree, told, expected)), (told, expected)


def test_what_was_there_stays_and_nothing_is_nan() -> None:
    frame = frame_of([((1, None, None), (0, 0, 0))])
    before = frame.copy()
    out = with_formula(frame, GROWTH, NAMES, into="out")
    pd.testing.assert_frame_equal(frame, before)
    assert list(out.columns) == [*before.columns, "out", "out_low", "out_high"]
    for name in ("out", "out_low", "out_high"):
        assert out[name].dtype == "Float64"
        assert out[name].isna().tolist() == [True]
        assert out[name].to_numpy(dtype=object).tolist() == [pd.NA]
