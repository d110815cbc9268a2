"""The guard: what may be computed, and what it says when it may not."""

from __future__ import annotations

import pytest

from evcli.core.comparability import (
    Operand,
    adds_up,
    check_accept,
    excesses,
    guard_growth,
    guard_ratio,
    guard_share,
    guard_total,
    window_name,
)
from evcli.core.formula import GROWTH, derive
from evcli.errors import NotComparable, UsageError
from evcli.model.note import Note, NoteKind
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds
from evcli.model.records import Series
from tests.core.making import WORDS, figure, series


def at(period: str = "2025", of: Series | None = None) -> Operand:
    return Operand(of or series(), parse_period(period))


NEV = series("nev", scope="nev")
ICE = series("ice", scope="ice")
BEV = series("bev", scope="bev")
NBS = series("nbs", publisher="nbs", method="other")
BYD = series("byd", subject="byd", metric="sales", publisher="byd")
SAIC = series("saic", subject="saic", metric="sales", publisher="saic")
MG = series("mg", subject="mg", metric="sales", publisher="saic")


def test_growth_needs_everything_equal_but_the_period() -> None:
    assert guard_growth(at("2025"), at("2024"), WORDS) == ()
    with pytest.raises(NotComparable) as refused:
        guard_growth(at("2025", NBS), at("2024"), WORDS)
    assert refused.value.fields == ("publisher", "method")
    assert "publisher (nbs / caam)" in str(refused.value)
    assert refused.value.hint == "to compute it all the same, add --accept publisher"


def test_growth_needs_windows_of_one_length() -> None:
    assert guard_growth(at("2025-01/2025-05"), at("2024-01/2024-05"), WORDS) == ()
    with pytest.raises(NotComparable, match="window"):
        guard_growth(at("2025-01/2025-05"), at("2024-01/2024-11"), WORDS)


def test_accepting_a_field_computes_and_says_so() -> None:
    notes = guard_growth(at("2025", NBS), at("2024"), WORDS, ("publisher",))
    assert [note.text for note in notes] == [
        "accepted: publisher differs (nbs / caam)",
        "accepted: method differs (other / m)",
    ]
    assert {note.kind for note in notes} == {NoteKind.CAUTION}


def test_only_real_fields_can_be_accepted() -> None:
    assert check_accept(["scope"]) == ("scope",)
    with pytest.raises(UsageError, match="unknown field to accept 'weather'"):
        check_accept(["weather"])


def test_share_needs_a_part_that_lies_in_the_whole() -> None:
    assert guard_share(at(of=NEV), at(), WORDS) == ()
    assert guard_share(at(of=BEV), at(), WORDS) == ()
    with pytest.raises(NotComparable, match="scope all does not lie in nev"):
        guard_share(at(), at(of=NEV), WORDS)
    with pytest.raises(NotComparable, match="period"):
        guard_share(at("2024", NEV), at("2025"), WORDS)
    germany, mexico = series("de", destination="DE"), series("mx", destination="MX")
    europe = series("eu", destination="europe")
    assert guard_share(at(of=germany), at(of=europe), WORDS) == ()
    assert guard_share(at(of=germany), at(), WORDS) == ()
    with pytest.raises(NotComparable, match="destination MX does not lie in europe"):
        guard_share(at(of=mexico), at(of=europe), WORDS)
    assert guard_share(at(of=MG), at(of=SAIC), WORDS) == ()


def test_total_adds_parts_of_one_partition_only() -> None:
    assert guard_total([at(of=NEV), at(of=ICE)], WORDS) == ()
    with pytest.raises(NotComparable, match="not parts of one partition"):
        guard_total([at(of=NEV), at(of=series("p", scope="passenger"))], WORDS)
    with pytest.raises(NotComparable, match="not parts of one partition"):
        guard_total([at(of=NEV), at()], WORDS)


def test_total_over_time_is_for_flows_that_do_not_overlap() -> None:
    assert guard_total([at("2025-01"), at("2025-02")], WORDS) == ()
    assert guard_total([at("2025-Q1"), at("2025-04")], WORDS) == ()
    with pytest.raises(NotComparable, match="2025-Q1 and 2025-03 overlap"):
        guard_total([at("2025-Q1"), at("2025-03")], WORDS)
    stores = series("stores", metric="stores")
    with pytest.raises(NotComparable, match="does not add up over time"):
        guard_total([at("2025-01", stores), at("2025-02", stores)], WORDS)


def test_total_refuses_one_thing_counted_twice() -> None:
    with pytest.raises(NotComparable, match="overlap: one belongs to the other"):
        guard_total([at(of=MG), at(of=SAIC)], WORDS)
    with pytest.raises(NotComparable, match="named twice"):
        guard_total([at(), at()], WORDS)
    de, europe = series("de", destination="DE"), series("eu", destination="europe")
    with pytest.raises(NotComparable, match="destinations DE and europe overlap"):
        guard_total([at(of=de), at(of=europe)], WORDS)


def test_makers_own_counts_are_one_publisher_with_a_warning() -> None:
    notes = guard_total([at(of=BYD), at(of=SAIC)], WORDS)
    assert notes == (Note(NoteKind.DEFINITION, "each maker decides what it counts"),)


def test_ratio_needs_unit_and_window_and_lets_one_dimension_differ() -> None:
    assert guard_ratio(at("2025"), at("2024"), WORDS) == ()
    assert guard_ratio(at(of=NEV), at(), WORDS) == ()
    with pytest.raises(NotComparable, match=r"scope .*period"):
        guard_ratio(at("2024", NEV), at("2025"), WORDS)
    with pytest.raises(NotComparable, match="unit"):
        guard_ratio(at(of=series("usd", unit="USD")), at(), WORDS)
    with pytest.raises(NotComparable, match="window"):
        guard_ratio(at("2025-05"), at("2025"), WORDS)


def test_stocks_are_counted_at_an_instant() -> None:
    stores = series("stores", metric="stores")
    assert window_name(stores, parse_period("2025"), WORDS) == "instant"
    assert window_name(stores, parse_period("2025-06-30"), WORDS) == "instant"
    assert window_name(series(), parse_period("2025-01/2025-05"), WORDS) == (
        "year-to-date of 5 months"
    )


def test_only_what_adds_up_has_shares() -> None:
    assert adds_up([at(of=BYD), at(of=SAIC)], WORDS)
    nev_of_byd = series("b", subject="byd", metric="sales", publisher="byd", scope="nev")
    assert not adds_up([at(of=nev_of_byd), at(of=SAIC)], WORDS)
    assert not adds_up([at("2025", of=BYD), at("2024", of=SAIC)], WORDS)


def test_an_undated_stock_has_no_instant() -> None:
    stores = series("stores", metric="stores")
    assert window_name(stores, parse_period("undated"), WORDS) == "undated"


def test_whoever_accepts_an_overlap_gets_the_sum_and_a_note() -> None:
    # March lies in the first quarter and is added a second time
    notes = guard_total([at("2025-Q1"), at("2025-03")], WORDS, ("period",))
    assert notes == (Note(NoteKind.CAUTION, "accepted: period differs (2025-Q1 / 2025-03)"),)


def test_an_overlap_is_named_with_all_else_that_differs() -> None:
    germany = series("de", destination="DE", publisher="nbs")
    europe = series("eu", destination="europe")
    with pytest.raises(NotComparable) as refused:
        guard_total([at(of=germany), at(of=europe)], WORDS)
    assert refused.value.fields == ("destination", "publisher")
    with pytest.raises(NotComparable, match="publisher") as refused:
        guard_total([at(of=germany), at(of=europe)], WORDS, ("destination",))
    assert refused.value.fields == ("publisher",)


def test_whoever_accepts_a_part_outside_its_whole_gets_the_share_and_a_note() -> None:
    told = Note(NoteKind.CAUTION, "accepted: scope differs (all / nev)")
    assert guard_share(at(), at(of=NEV), WORDS, ("scope",)) == (told,)


def test_destinations_apart_are_added_and_any_may_be_taken_from_another() -> None:
    germany, mexico = series("de", destination="DE"), series("mx", destination="MX")
    europe = series("eu", destination="europe")
    assert guard_total([at(of=germany), at(of=mexico)], WORDS) == ()
    with pytest.raises(NotComparable, match="destinations europe and DE overlap"):
        guard_total([at(of=europe), at(of=germany)], WORDS)
    # Europe without Germany is the rest of Europe
    assert guard_total([at(of=europe), at(of=germany)], WORDS, what="difference") == ()
    assert guard_total([at(of=germany), at(of=mexico)], WORDS, what="difference") == ()


def test_growth_of_a_part_may_exceed_that_of_its_whole() -> None:
    nev, every = figure(300, 299, 301, of=NEV), figure(200, 199, 201)
    assert [(part.id, whole.id) for part, whole in excesses([nev, every], WORDS)] == [
        ("nev@2025", "cn.exports.all.caam@2025")
    ]
    bases = [figure(100, 99, 101, of=each, period="2024") for each in (NEV, series())]
    grown = [derive(GROWTH, pair, unit="percent") for pair in zip((nev, every), bases, strict=True)]
    assert list(excesses(grown, WORDS)) == []  # +200 and +100 %


def test_of_many_metrics_only_parts_and_wholes_are_held_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = list[Bounds]()
    monkeypatch.setattr(Bounds, "exceeds", lambda one, _: asked.append(one))
    of = [
        series(f"{scope}-{at}", metric=f"m{at}", scope=scope)
        for at in range(30)
        for scope in ("all", "nev")
    ]
    assert list(excesses([figure(7, 7, 7, of=each) for each in of], WORDS)) == []
    assert len(asked) == 30 * 2
