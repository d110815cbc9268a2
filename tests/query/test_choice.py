"""Which series answers where words leave it open: own counts, counters in order, one over time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evcli.model.period import parse_period
from evcli.query.figures import Figures
from evcli.query.operands import counts, operands
from evcli.query.selection import Query, When, Where
from evcli.store import open_store, pack_choice
from tests.query.conftest import MakePack

# `later` is declared before `early`; alfa counts itself in two ways, wholesale mostly; wholesale
# 2024 is not stated, and follows from 2025 (150 on +50 %): 100,000
PACK = """\
vocabulary:
  subjects:
    - {id: alfa, name: Alfa Cars, short: Alfa, kind: maker}
    - {id: alfa-star, name: Alfa Star, kind: brand, part_of: [alfa]}
    - {id: bravo, name: Bravo Motor, kind: maker}
  publishers:
    - {id: later, name: Later}
    - {id: early, name: Early}
  methods: [{id: wholesale, name: Wholesale}, {id: retail, name: Retail}]
sources: [{id: page, title: Page, outlet: O, published: 2026}]
series:
  - {id: a.wholesale, title: A, subject: alfa, metric: overseas-sales, scope: all, unit: vehicles,
     publisher: alfa, method: wholesale, facts: [
       {period: 2022, stated: "80,000", source: page, at: p1},
       {period: 2023, stated: "90,000", source: page, at: p1},
       {period: 2025, stated: "150,000", yoy: "+50.0%", source: page, at: p1}]}
  - {id: a.retail, title: A, subject: alfa, metric: overseas-sales, scope: all, unit: vehicles,
     publisher: alfa, method: retail, facts: [
       {period: 2024, stated: "130,000", source: page, at: p2}]}
  - {id: a.nev, title: A, subject: alfa, metric: overseas-sales, scope: nev, unit: vehicles,
     publisher: alfa, facts: [{period: 2025, stated: "20,000", source: page, at: p3}]}
  - {id: star, title: S, subject: alfa-star, metric: overseas-sales, scope: all, unit: vehicles,
     publisher: alfa, facts: [{period: 2025, stated: "9,000", source: page, at: p4}]}
  - {id: star.early, title: S, subject: alfa-star, metric: overseas-sales, scope: all,
     unit: vehicles, publisher: early, facts: [
       {period: 2025, stated: "8,000", source: page, at: p4}]}
  - {id: cn.early, title: C, subject: CN, metric: exports, scope: all, unit: vehicles,
     publisher: early, facts: [
       {period: 2024, stated: "500,000", source: page, at: p5},
       {period: 2025, stated: "600,000", source: page, at: p5}]}
  - {id: cn.later, title: C, subject: CN, metric: exports, scope: all, unit: vehicles,
     publisher: later, facts: [{period: 2025, stated: "610,000", source: page, at: p6}]}
  - {id: cn.mx.early, title: C, subject: CN, metric: exports, scope: all, destination: MX,
     unit: vehicles, publisher: early, facts: [
       {period: 2025, stated: "60,000", source: page, at: p7}]}
  - {id: cn.ru.later, title: C, subject: CN, metric: exports, scope: all, destination: RU,
     unit: vehicles, publisher: later, facts: [
       {period: 2025, stated: "71,000", source: page, at: p7}]}
  - {id: cn.ru.early, title: C, subject: CN, metric: exports, scope: all, destination: RU,
     unit: vehicles, publisher: early, facts: [
       {period: 2025, stated: "70,000", source: page, at: p7}]}
  - {id: b.mx, title: B, subject: bravo, metric: registrations, scope: all, destination: MX,
     unit: vehicles, publisher: early, facts: [
       {period: 2025, stated: "3,000", source: page, at: p8}]}
  - {id: a.mx, title: A, subject: alfa, metric: registrations, scope: all, destination: MX,
     unit: vehicles, publisher: early, facts: [
       {period: 2025, stated: "4,000", source: page, at: p8}]}
  - {id: a.mx.own, title: A, subject: alfa, metric: overseas-sales, scope: all, destination: MX,
     unit: vehicles, publisher: alfa, facts: [
       {period: 2025, stated: "4,100", source: page, at: p8}]}
"""
YEAR = When(year=parse_period("2025"))


@pytest.fixture
def source(make_pack: MakePack, tmp_path: Path) -> Iterator[Figures]:
    choice = pack_choice([make_pack(PACK, "choice")], True, {})
    with open_store(choice, environ={"XDG_CACHE_HOME": str(tmp_path)}, notify=print) as store:
        yield Figures(store)


def _counts(source: Figures, when: When = YEAR, **where: Any) -> list[str]:
    return [each.id for each in counts(source, Query(Where(**where), when))]


def _operands(source: Figures, along: str, **where: Any) -> dict[str, list[str]]:
    found = operands(source, Query(Where(**where), YEAR, along=along))
    return {name: [each.id for each in series] for name, series in found}


def test_a_maker_answers_by_its_own_count_and_the_widest_scope(source: Figures) -> None:
    assert _counts(source, subjects=("alfa",)) == ["a.wholesale"]
    assert _counts(source, subjects=("alfa",), scopes=("nev",)) == ["a.nev"]
    # a brand is counted by its group before anybody else
    assert _counts(source, subjects=("alfa-star",)) == ["star", "star.early"]


def test_a_series_is_taken_for_all_years_and_derived_before_another_is_taken(
    source: Figures,
) -> None:
    assert _counts(source, When(year=parse_period("2024")), subjects=("alfa",)) == ["a.wholesale"]
    three = When(since=parse_period("2022"), until=parse_period("2025"))
    series = counts(source, Query(Where(subjects=("alfa",)), three))
    assert [each.id for each in series] == ["a.wholesale"]
    figure = source.operand(series[0], parse_period("2024"))
    # 145,000 to 155,000 on +49.95 to +50.05 %: from 145,000 / 1.5005
    assert figure.basis == "derived"
    assert float(figure.bounds.low or 0) == pytest.approx(96_634.46, abs=0.01)


def test_counters_stand_as_the_vocabulary_declares_them(source: Figures) -> None:
    assert _counts(source) == ["cn.later", "cn.early"]
    assert _counts(source, publishers=("early",)) == ["cn.early"]


def test_a_counter_without_the_year_is_left_out_and_one_with_more_years_comes_first(
    source: Figures,
) -> None:
    assert _counts(source, When(year=parse_period("2024"))) == ["cn.early"]
    both = When(since=parse_period("2024"), until=parse_period("2025"))
    assert _counts(source, both) == ["cn.early", "cn.later"]
    # nobody has 2020: all stand there, so that a row can say why it is empty
    assert _counts(source, When(year=parse_period("2020"))) == ["cn.later", "cn.early"]


def test_operands_stand_as_typed_by_a_counter_that_all_have(source: Figures) -> None:
    places = _operands(source, "destination", destinations=("RU", "MX"))
    assert [*places.items()] == [
        ("Russia", ["cn.ru.early", "cn.ru.later"]),
        ("Mexico", ["cn.mx.early"]),
    ]
    counters = _operands(source, "publisher", publishers=("early", "later"))
    assert counters == {"Early": ["cn.early"], "Later": ["cn.later"]}


def test_makers_in_a_place_are_compared_by_what_is_counted_of_all(source: Figures) -> None:
    both = _operands(source, "subject", subjects=("alfa", "bravo"), destinations=("MX",))
    assert both == {"Alfa": ["a.mx"], "Bravo Motor": ["b.mx"]}
    assert _counts(source, subjects=("alfa",), destinations=("MX",)) == ["a.mx.own"]


def test_series_typed_are_what_they_are(source: Figures) -> None:
    typed = Query(when=YEAR, series=("cn.early@2024", "cn.later"))
    assert [(name, [each.id for each in series]) for name, series in operands(source, typed)] == [
        ("Early", ["cn.early"]),
        ("Later", ["cn.later"]),
    ]
