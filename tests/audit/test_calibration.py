"""What publishers usually restate is learned from the record, and derived bounds hold."""

from __future__ import annotations

from fractions import Fraction

import pytest

import evcli
from evcli.core.formula import Leaf
from evcli.core.resolve import figure_id
from evcli.inference.bounds import Inferred
from evcli.inference.derivations import Derivation
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds
from evcli.query.figures import Figures
from tests.audit.calibration import (
    Moved,
    Trial,
    families_of,
    moved,
    report,
    summary,
    trials,
    usual,
)


@pytest.fixture(scope="module")
def source() -> Figures:
    return evcli.open()._source


def some(count: int, by: str, *, within: bool = True, publisher: str = "a", year: int = 2024):
    return [Moved(publisher, "exports", year, within, Fraction(by))] * count


def test_usual_is_what_ninety_seven_of_a_hundred_keep_to() -> None:
    # of 100 in order the 98th (counted from one) is the first that 97 lie below
    seen = [*some(97, "0"), *some(2, "0.012"), *some(1, "0.04")]
    assert usual(seen, "a", "exports").within == "1.2%"
    seen = [*some(98, "0"), *some(1, "0.012"), *some(1, "0.04")]
    assert usual(seen, "a", "exports").within == "0.3%"  # never less


def test_where_few_were_seen_those_of_all_counters_count() -> None:
    seen = [*some(7, "0.01"), *some(93, "0", publisher="b")]
    assert usual(seen, "a", "exports").within == "1%"  # the 98th of all 100
    assert usual([*seen, *some(1, "0.01")], "a", "exports").within == "1%"
    assert usual(some(3, "0.2"), "a", "exports").within == "5%"  # never more
    assert usual([], "a", "exports").within == "0.3%"


def test_the_year_that_is_tested_teaches_nothing() -> None:
    seen = [*some(20, "0.04", year=2023), *some(20, "0", year=2024)]
    assert usual(seen, "a", "exports", but=2023).within == "0.3%"
    assert usual(seen, "a", "exports", but=2024).within == "4%"


def test_the_vocabulary_has_what_the_record_teaches(source: Figures) -> None:
    seen = [each for family, _ in families_of(source) for each in moved(family)]
    assert source.words.restatements
    for each in source.words.restatements:
        assert usual(seen, each.publisher, each.metric) == each


@pytest.mark.parametrize(
    ("printed", "held"),
    [
        ([(80, 90)], True),  # they meet in 90
        ([(80, 89)], False),
        ([(80, 89), (100, 101)], True),  # of several prints one is enough
    ],
)
def test_held_means_that_a_printed_figure_and_the_bounds_meet(
    source: Figures, printed: list[tuple[int, int]], held: bool
) -> None:
    bounds = Bounds(Fraction(90), Fraction(110))
    (series,) = source.store.series(["cn.exports.nev.caam"])
    ends = tuple(Bounds(Fraction(low), Fraction(high)) for low, high in printed)
    way = Derivation(Leaf("a", None, bounds), None, bounds, ("a",))
    trial = Trial(series, parse_period("2025"), ends, Inferred(bounds, None, "", (), (), (way,)))
    assert trial.held is held
    assert trial.width == Fraction(20, 100)
    by_rows = trial._replace(answer=Inferred(bounds, None, "", (), ()))
    assert (by_rows.held, by_rows.width) == (None, None)  # no derivation leads there


def test_the_derived_bounds_of_new_energy_exports_hold(source: Figures) -> None:
    """CAAM's new-energy exports: each of its windows left out in turn."""
    found = trials(source, ["cn.exports.nev.caam"])
    derived = [each for each in found if each.held is not None]
    assert len(derived) >= 50
    assert sum(bool(each.held) for each in derived) >= Fraction(95, 100) * len(derived)
    assert summary(found).startswith(f"{len(found)} windows, {len(derived)} derived, ")
    first, *rest = report(found)
    assert first == f"Calibration: {summary(found)}"
    missed = [figure_id(each.series, each.period) for each in found if each.held is False]
    assert [line.partition(": ")[0] for line in rest] == ["caam", *missed]
