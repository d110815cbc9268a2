"""From facts to figures: who counts, who wins, who stands beside whom."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.core.resolve import NOTHING_STATED, ONLY_PLANNED, operand, resolve
from evcli.model.figure import BY_BOTH, Derived, Figure, Missing, Stated
from evcli.model.note import Note, NoteKind
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Fact, Rank, Status
from tests.core.making import fact, series

Y2025 = parse_period("2025")


def settle(*facts: Fact, deprecated: bool = False) -> tuple[Figure, ...]:
    return resolve(series(), Y2025, facts, include_deprecated=deprecated)


def test_agreeing_facts_are_intersected_and_the_narrowest_speaks() -> None:
    # 855,000 is 854,500 to 855,500; over 855,000 is 855,000 and more
    (only,) = settle(fact("over 855,000", source="a"), fact("855,000", source="b"))
    assert only.bounds == Bounds(Fraction(855_000), Fraction(855_500))
    assert only.value == 855_000
    assert only.qualifier == ""
    assert set(only.sources) == {"a", "b"}
    assert only.id == "cn.exports.all.caam@2025"


def test_a_value_outside_what_all_allow_is_not_repeated() -> None:
    # 860,000 is 855,000 to 865,000; over 861,000 begins at 861,000: 860,000 itself is out
    (only,) = settle(fact("860,000", source="a"), fact("over 861,000", source="b"))
    assert only.bounds == Bounds(Fraction(861_000), Fraction(865_000))
    assert only.value == 861_000
    assert only.qualifier == "over"


def test_deprecated_facts_stay_out_unless_asked_for() -> None:
    wrong = fact("900,000", source="a", rank=Rank.DEPRECATED)
    right = fact("855,000", source="b")
    assert [each.sources for each in settle(wrong, right)] == [("b",)]
    shown = settle(wrong, right, deprecated=True)
    assert [each.rank for each in shown] == ["normal", "deprecated"]
    assert shown[1].id == wrong.id


def test_preferred_facts_win() -> None:
    (only,) = settle(fact("900,000", source="a"), fact("855,000", source="b", rank=Rank.PREFERRED))
    assert only.value == 855_000
    assert only.sources == ("b",)
    assert only.rank == "preferred"


def test_one_origin_counts_once_and_with_its_most_precise_fact() -> None:
    (only,) = settle(
        fact("2.5 million", source="a", origin="release"),
        fact("2,493,100", source="b", origin="release"),
    )
    assert only.value == 2_493_100
    assert isinstance(only.lineage, Stated)
    assert only.lineage.facts[0].source == "b"


def test_facts_that_exclude_each_other_stand_side_by_side() -> None:
    disputed = settle(fact("855,000", source="a"), fact("870,000", source="b"))
    assert {each.id for each in disputed} == {"x@2025#a", "x@2025#b"}
    notes = {each.sources[0]: each.notes[0] for each in disputed}
    assert notes == {
        "a": Note(NoteKind.DISPUTE, "disputed by b", ("b",)),
        "b": Note(NoteKind.DISPUTE, "disputed by a", ("a",)),
    }
    both = operand(series(), Y2025, disputed)
    # 854,500 to 855,500 and 865,000 to 875,000
    assert both.bounds == Bounds(Fraction(854_500), Fraction(875_000))
    assert both.value is None
    told = "disputed by a, b: computed from the range of all of them"
    assert both.notes == (Note(NoteKind.DISPUTE, told, ("a", "b")),)
    assert both.missing is None  # its bounds are known


def test_the_publishers_newer_release_replaces_its_older_one() -> None:
    old = fact("855,300", source="june", own=True, published="2025-06-11")
    new = fact("876,100", source="july", own=True, published="2025-07-10")
    echo = fact("855,300", source="paper", published="2025-06-12")
    (only,) = settle(old, new, echo)
    assert only.value == 876_100
    assert isinstance(only.lineage, Stated)
    assert {each.source for each in only.lineage.revised} == {"june", "paper"}
    before = Note(NoteKind.REVISION, "revised: 855,300 in june before", ("x@2025#june",))
    assert before in only.notes


def test_another_source_is_no_restatement() -> None:
    new = fact("876,100", source="july", own=True, published="2025-07-10")
    other = fact("899,300", source="paper", published="2025-07-12")
    assert len(settle(new, other)) == 2


def test_forecasts_never_mix_with_observations_and_never_compute() -> None:
    seen = fact("855,000", source="a")
    plan = fact("900,000", source="b", status=Status.FORECAST)
    figures = settle(seen, plan)
    assert [each.status for each in figures] == ["normal", "forecast"]
    assert operand(series(), Y2025, settle(seen, plan)).value == 855_000
    alone = operand(series(), Y2025, settle(plan))
    assert alone.value is None
    assert alone.bounds == Bounds()
    assert alone.missing == ONLY_PLANNED
    assert alone.notes == (Note(NoteKind.MISSING, ONLY_PLANNED.text),)


def test_a_fact_that_states_only_a_change_gives_growth_without_a_value() -> None:
    (only,) = settle(fact(yoy="+27.4%"))
    assert only.value is None
    assert only.bounds == Bounds()
    assert only.yoy is not None
    assert only.yoy.bounds == Bounds(Fraction("27.35"), Fraction("27.45"))
    assert only.missing == Missing("no value is stated")
    assert only.notes == ()


def test_what_is_stated_in_place_of_a_level_says_why_there_is_none() -> None:
    (only,) = settle(fact(source="a", change=("nearly doubled", "P3Y")))
    assert only.missing == Missing("nearly doubled over P3Y (a)")


def test_a_change_over_one_year_is_growth_and_over_three_is_a_note() -> None:
    (one,) = settle(fact("3.43 million", change=("nearly doubled", "P1Y")))
    assert one.yoy is not None
    assert one.yoy.bounds == Bounds(None, Fraction(100))
    (three,) = settle(fact("3.43 million", change=("nearly doubled", "P3Y")))
    assert three.yoy is None
    assert [(note.kind, note.refs) for note in three.notes] == [(NoteKind.CHANGE, ("x@2025#s1",))]
    assert three.missing is None


def test_growth_rates_that_exclude_each_other_are_told() -> None:
    (only,) = settle(
        fact("855,000", source="a", yoy="+64.6%"), fact("855,000", source="b", yoy="+70%")
    )
    told = "growth disputed: +64.6% (a), +70% (b)"
    assert only.notes == (Note(NoteKind.DISPUTE, told, ("a", "b")),)


def test_growth_comes_from_whichever_page_of_an_origin_states_it() -> None:
    # both pages repeat one release, and the one that rounds is the one that prints the growth:
    # x3.6 is 3.55 to 3.65 times, so 255 to 265 % more
    (only,) = settle(
        fact("300,300", source="a", origin="release"),
        fact("300,000", source="b", origin="release", yoy="x3.6", mom="+17.3%"),
    )
    assert only.value == 300_300
    assert only.yoy is not None
    assert only.yoy.bounds == Bounds(Fraction(255), Fraction(265))
    assert only.notes == (Note(NoteKind.CHANGE, "+17.3% on the month before", ("b",)),)
    assert only.sources == ("a", "b")


def test_growth_of_several_pages_is_what_all_of_them_allow() -> None:
    # +64.6% is 64.55 to 64.65, +65% is 64.5 to 65.5: the first lies in the second
    (only,) = settle(
        fact("855,000", source="a", origin="release", yoy="+65%", mom="+6%"),
        fact("855,000", source="b", origin="release", yoy="+64.6%", mom="+6.3%"),
    )
    assert only.yoy is not None
    assert only.yoy.value == Fraction("64.6")
    assert only.yoy.bounds == Bounds(Fraction("64.55"), Fraction("64.65"))
    assert only.notes == (Note(NoteKind.CHANGE, "+6.3% on the month before", ("b",)),)


def test_growth_on_the_month_before_that_excludes_another_is_told() -> None:
    # +6% is 5.5 to 6.5, +7.1% is 7.05 to 7.15
    (only,) = settle(
        fact("855,000", source="a", origin="release", mom="+6%"),
        fact("855,000", source="b", origin="release", mom="+7.1%"),
    )
    told = "growth on the month before disputed: +7.1% (b), +6% (a)"
    assert only.notes == (
        Note(NoteKind.CHANGE, "+7.1% on the month before", ("b",)),
        Note(NoteKind.DISPUTE, told, ("b", "a")),
    )


def test_a_page_whose_level_does_not_fit_lends_no_growth() -> None:
    # 860,000 is 855,000 to 865,000, but 854,300 is 854,250 to 854,350
    (only,) = settle(
        fact("854,300", source="a", origin="release"),
        fact("860,000", source="b", origin="release", yoy="+70%"),
    )
    assert only.yoy is None
    assert only.sources == ("a",)


def test_disputed_figures_have_the_growth_of_their_own_origin() -> None:
    # 855,300 and 870,000 exclude each other; the page that rounds the first has the growth
    disputed = settle(
        fact("855,300", source="a", origin="one"),
        fact("855,000", source="b", origin="one", yoy="+64.6%"),
        fact("870,000", source="c", origin="two"),
    )
    told = {each.sources: each.yoy and each.yoy.value for each in disputed}
    assert told == {("a", "b"): Fraction("64.6"), ("c",): None}


def test_nothing_stated_is_a_missing_figure_with_the_reason() -> None:
    missing = operand(series(), Y2025, settle())
    assert missing.value is None
    assert missing.missing == NOTHING_STATED
    assert missing.notes == (Note(NoteKind.MISSING, "no source states it"),)


def test_deprecated_facts_stay_out_by_default() -> None:
    wrong = fact("900,000", source="a", rank=Rank.DEPRECATED)
    assert resolve(series(), Y2025, [wrong]) == ()


def test_a_rival_names_every_source_that_agrees_with_it() -> None:
    # 855,300 is 855,250 to 855,350, inside 855,000 (854,500 to 855,500); 870,000 is neither
    disputed = settle(
        fact("855,300", source="a"), fact("855,000", source="b"), fact("870,000", source="c")
    )
    assert {each.sources for each in disputed} == {("a", "b"), ("c",)}


def test_a_change_in_words_stands_beside_the_value_of_its_origin() -> None:
    # the page that prints the growth alone does not drive out the page that gives the value
    (only,) = settle(
        fact("855,000", source="a", origin="release"),
        fact(source="b", origin="release", change=("nearly doubled", "P3Y")),
    )
    assert only.value == 855_000
    assert only.sources == ("a", "b")
    assert only.notes == (Note(NoteKind.CHANGE, "nearly doubled over P3Y (b)", ("x@2025#b",)),)


def test_a_page_that_states_growth_alone_lends_it_to_the_value_of_its_origin() -> None:
    (only,) = settle(
        fact("855,000", source="a", origin="release"),
        fact(source="b", origin="release", yoy="+27.4%"),
    )
    assert only.value == 855_000
    assert only.yoy is not None
    assert only.yoy.value == Fraction("27.4")


def test_two_releases_of_one_day_do_not_replace_each_other() -> None:
    # nobody can tell which of the two corrects the other: 855,300 and 876,100 stand side by side
    disputed = settle(
        fact("855,300", source="a", own=True, published="2025-07-10"),
        fact("876,100", source="b", own=True, published="2025-07-10"),
    )
    assert {each.value for each in disputed} == {855_300, 876_100}


def test_a_page_of_another_origin_repeats_nobody() -> None:
    # over 855,000 would go with both disputed; it is counted once, with the first that it meets
    disputed = settle(
        fact("855,300", source="a"), fact("870,000", source="b"), fact("over 855,000", source="c")
    )
    assert {each.sources for each in disputed} == {("a", "c"), ("b",)}


def test_two_plans_of_one_size_are_two_figures_each_with_its_own_source() -> None:
    figures = settle(
        fact("900,000", source="a", status=Status.FORECAST),
        fact("900,000", source="b", status=Status.FORECAST),
    )
    assert [each.sources for each in figures] == [("a",), ("b",)]


def test_growth_with_two_ends_is_narrower_than_growth_with_one() -> None:
    # over +60% is 60 and more; +64.6% is 64.55 to 64.65, all of it inside
    (only,) = settle(
        fact("855,000", source="a", yoy="over +60%"), fact("855,000", source="b", yoy="+64.6%")
    )
    assert only.yoy is not None
    assert only.yoy.value == Fraction("64.6")
    assert only.yoy.bounds == Bounds(Fraction("64.55"), Fraction("64.65"))


def test_growth_without_any_width_is_the_narrowest() -> None:
    # no text is read so finely today; if one is, 64.62 speaks, not the +64.6% that holds it
    exact = Quantity(Fraction("64.62"), Bounds.exactly(Fraction("64.62")), "", "percent")
    (only,) = settle(
        fact("855,000", source="a", yoy="+64.62%")._replace(yoy=exact),
        fact("855,000", source="b", yoy="+64.6%"),
    )
    assert only.yoy is not None
    assert only.yoy.value == Fraction("64.62")


@pytest.mark.parametrize(
    ("first", "second", "restated"),
    [
        ("2030-07", "2030-07-10", False),  # any day of July, the 10th or later, too
        ("2030", "2030-07-10", False),
        ("2030-07-10", "2030-07-10", False),
        ("2030-06", "2030-07-10", True),
        ("2030-07-09", "2030-07-10", True),
        ("2029", "2030-07", True),
    ],
)
def test_a_release_is_newer_only_once_the_other_is_surely_out(first, second, restated) -> None:
    old = fact("212,345", source="ra", own=True, published=first)
    new = fact("213,111", source="rb", own=True, published=second)
    for facts in ((old, new), (new, old)):
        values = {each.value for each in settle(*facts)}
        assert values == ({213_111} if restated else {212_345, 213_111})


def test_of_several_releases_the_one_that_began_last_replaces_those_surely_older() -> None:
    june = fact("212,345", source="ra", own=True, published="2030-06")
    july = fact("213,111", source="rb", own=True, published="2030-07-10")
    year = fact("213,000", source="rc", own=True, published="2030")  # agrees with July
    (only,) = settle(june, year, july)
    assert only.value == 213_111


# --- which of several facts speaks, and what weak pages may do ------------------------------------


def test_facts_stand_by_rank_precision_kind_date_and_id() -> None:
    # each is beaten by the one before it, for the one reason that its name has
    order = [
        fact("855,000", source="rank", rank=Rank.PREFERRED),
        fact("855,100", source="precision", kind="unknown", published="2025-07-02"),
        fact("about 855,000", source="kind", kind="agency", published="2025-07-02"),
        fact("about 855,000", source="date", kind="press", published="2025-07-01"),
        fact("about 855,000", source="id-a", kind="press", published="2025-07-02"),
        fact("about 855,000", source="id-b", kind="press", published="2025-07-02"),
    ]
    for at, first in enumerate(order):
        for facts in (order[at:], order[at:][::-1]):  # however they stand in the files
            copies = [each._replace(origin="release") for each in facts]
            (only,) = settle(*copies)
            assert next(only.facts()).source == first.source


def test_a_page_of_no_kind_stands_before_an_aggregator_and_behind_the_trade_press() -> None:
    for kind, first in (("trade-press", "b"), ("press", "a"), ("aggregator", "a")):
        one = fact("855,000", source="a", origin="release")
        other = fact("855,000", source="b", origin="release", kind=kind)
        (only,) = settle(other, one)
        assert next(only.facts()).source == first


def test_aggregators_part_no_better_pages_that_agree() -> None:
    # 4.8 million is 4.75 to 4.85, "over 4.84 million" agrees with it; 4,761,000 is within the
    # first alone, and however many print it, it stands alone against both
    good = [
        fact("4.8 million", source="a", kind="agency"),
        fact("over 4.84 million", source="b", kind="press"),
    ]
    farms = [fact("4,761,000", source=f"farm{at}", kind="aggregator") for at in range(5)]
    first, second = settle(*farms, *good)
    assert set(first.sources) == {"a", "b"}
    assert first.bounds == Bounds(Fraction(4_840_000), Fraction(4_850_000))
    assert set(second.sources) == {"farm0", "farm1", "farm2", "farm3", "farm4"}
    assert (first.sourcing, second.sourcing) == ("", "weak")


def test_own_and_weak_are_worked_out_from_the_pages() -> None:
    def sourcing(*kinds: str, own: bool = False) -> str:
        facts = [
            fact("855,000", source=f"s{n}", kind=kind, own=own) for n, kind in enumerate(kinds)
        ]
        (only,) = settle(*facts)
        return only.sourcing

    assert sourcing("aggregator") == "weak"
    assert sourcing("aggregator", "unknown") == "weak"
    assert sourcing("aggregator", "press") == ""
    assert sourcing("aggregator", "") == ""  # a pack that gives no kinds is not judged
    assert sourcing("publisher", own=True) == "own"
    # a copy of the counter's release is read on an aggregator's page all the same
    copied = [fact("855,000", source="copy", origin="caam-release", kind="aggregator")]
    assert settle(*copied)[0].sourcing == "weak"
    better = fact("855,000", source="paper", origin="caam-release", kind="press")
    assert settle(*copied, better)[0].sourcing == ""


def test_what_is_computed_is_as_weak_as_its_weakest_input() -> None:
    def stated(kind: str, *, own: bool = False) -> Figure:
        return settle(fact("855,000", source=kind, kind=kind, own=own))[0]._replace(id=kind)

    def of(formula: str, *inputs: Figure) -> str:
        return inputs[0]._replace(lineage=Derived(formula, inputs)).sourcing

    good, weak, own = stated("press"), stated("unknown"), stated("publisher", own=True)
    assert of("growth", good, weak) == "weak"
    assert of("growth", own, own) == "own"
    assert of("growth", own, good) == ""
    assert of(BY_BOTH, good, weak) == ""  # what is stated has its page; the rest narrows it
    assert of(BY_BOTH, weak, good) == "weak"
