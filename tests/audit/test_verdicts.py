"""Each verdict on a pack made by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from evcli.audit.evidence import Finding


def only(found: list[Finding]) -> Finding:
    assert len(found) == 1, [each.message for each in found]
    return found[0]


# -- contradiction


def test_one_window_stated_twice(bench):
    bench.facts(
        "x.all",
        'period: 2025-05, stated: "551,000", source: a',
        'period: 2025-05, stated: "561,000", source: b',
    )
    found = only(bench.found())
    assert found.verdict == "contradiction"
    assert found.facts == ("x.all@2025-05#a", "x.all@2025-05#b")
    assert found.set_aside == ("x.all@2025-05#a", "x.all@2025-05#b")
    assert found.size == 10_000
    assert found.message.startswith("May 2025 was 551,000 (a), but May 2025 was 561,000 (b)")
    assert found.fails


def test_two_bases_that_do_not_go_together(bench):
    bench.facts(
        "x.nev",
        'period: 2025-01/2025-11, stated: "1,020,000", yoy: "+101%", source: a',
        'period: 2025-01/2025-05, stated: "855,000", yoy: "+64.6%", source: b',
    )
    found = only(bench.found("contradiction"))
    assert len(found.facts) == 4
    assert found.message.startswith(
        "Jan-Nov 2024 would be 507,500, but Jan-May 2024 alone was 519,400 (b)"
    )


def test_a_sum_that_does_not_come_out(bench):
    bench.facts(
        "x.all",
        'period: 2025-01/2025-05, stated: "2,490,000", source: a',
        'period: 2025-06, stated: "593,000", source: b',
        'period: 2025-H1, stated: "3,283,000", source: c',
    )
    found = only(bench.found())
    assert found.size == 200_000
    assert found.message.startswith(
        "Jan-May 2025 2.49 million (a) and Jun 2025 593,000 (b) come to 3.083 million, but "
        "H1 2025 was 3.283 million (c)"
    )


def test_a_part_above_its_whole_and_parts_that_miss_it(bench):
    bench.facts(
        "x.all",
        'period: 2024, stated: "500,000", source: a',
        'period: 2025, stated: "800,000", source: a',
    )
    bench.facts(
        "x.nev",
        'period: 2024, stated: "612,000", source: b',
        'period: 2025, stated: "300,000", source: b',
    )
    bench.facts("x.ice", 'period: 2025, stated: "400,000", source: b')
    first, second = bench.found("contradiction")
    assert (
        "in 2024 All vehicles came to 500,000 (a), but New-energy vehicles alone" in first.message
    )
    assert "come to 700,000, but All vehicles came to 800,000 (a)" in second.message


def test_a_share_that_the_levels_deny(bench):
    bench.facts("x.all", 'period: 2025, stated: "1,000,000", source: a')
    bench.facts("x.nev", 'period: 2025, stated: "300,000", source: a')
    bench.facts("x.share", 'period: 2025, stated: "40%", source: b')
    found = only(bench.found("contradiction"))
    assert set(found.facts) == {"x.all@2025#a", "x.nev@2025#a", "x.share@2025#b"}
    assert found.set_aside == ("x.all@2025#a", "x.nev@2025#a", "x.share@2025#b")


def test_origins_and_the_counter_weigh_and_echoes_count_once(bench):
    bench.facts(
        "x.all",
        'period: 2025-05, stated: "551,000", source: a',
        'period: 2025-05, stated: "551,000", source: b',
        'period: 2025-05, stated: "561,000", source: c',
        'period: 2025-05, stated: "561,000", source: d',
        'period: 2025-06, stated: "571,000", source: a',
        'period: 2025-06, stated: "571,000", source: b',
        'period: 2025-06, stated: "561,000", source: june',
        'period: 2025-07, stated: "about 500,000", source: a',
        'period: 2025-07, stated: "800,000", source: b',
    )
    may, june, july = bench.found("contradiction")
    assert may.set_aside == ("x.all@2025-05#c",)  # one origin, though two print it
    assert set(may.sources) == {"a", "b", "c", "d"}
    assert june.set_aside == ("x.all@2025-06#a",)  # two origins against one and two for the counter
    assert july.set_aside == ("x.all@2025-07#a",)  # qualified weighs half


def test_every_statement_that_has_to_go_is_in_a_finding(bench):
    bench.facts(
        "x.all",
        'period: 2025, stated: "1,000,000", source: a',
        'period: 2025-H1, stated: "1,200,000", source: b',
        'period: 2025-H2, stated: "1,300,000", source: c',
    )
    found = bench.found("contradiction")
    assert {name for each in found for name in each.names} >= {"x.all@2025#a"}
    left = only(found)
    assert left.set_aside == ("x.all@2025#a",)


def test_three_that_exclude_each_other_are_all_shown(bench):
    bench.facts(
        "x.all",
        'period: 2025-05, stated: "551,000", source: a',
        'period: 2025-05, stated: "561,000", source: b',
        'period: 2025-05, stated: "571,000", source: c',
    )
    found = bench.found("contradiction")
    shown = {name for each in found for name in each.facts}
    assert shown == {f"x.all@2025-05#{source}" for source in "abc"}
    assert all(len(each.facts) == 2 for each in found)


def test_deprecated_facts_stay_out_unless_asked_for(bench):
    bench.facts(
        "x.all",
        'period: 2025-05, stated: "551,000", source: a',
        'period: 2025-05, stated: "561,000", source: b, rank: deprecated, reason: wrong',
        'period: 2025-05, stated: "900,000", source: c, status: forecast',
    )
    assert bench.found("contradiction") == []
    found = only(bench.found("contradiction", include_deprecated=True))
    assert found.set_aside == ("x.all@2025-05#b",)


# -- revision


def test_a_release_that_raised_the_past(bench):
    bench.facts(
        "x.nev",
        'period: 2025-H1, stated: "1,060,000", source: june',
        'period: 2025-07, stated: "225,000", source: july',
        'period: 2025-01/2025-07, stated: "1,308,000", source: july',
    )
    found = only(bench.found())
    assert found.verdict == "revision"
    assert found.message.startswith(
        "the July 2025 release raised H1 2025 by 21,500 to 24,500 from 1.06 million (june)"
    )
    assert found.message.endswith("2.2 % of the window")
    assert found.size == 23_000
    assert found.periods == ("2025-H1",)
    assert found.fails


def test_a_window_that_two_releases_print_is_sized_by_their_numbers(bench):
    # 284,000 less 280,000 are 4,000, 1,000 either way by the rounding of both; of 280,000 1.4 %
    bench.facts(
        "x.all",
        'period: 2025-Q1, stated: "280,000", source: may',
        'period: 2025-Q1, stated: "284,000", source: june',
    )
    found = only(bench.found())
    assert found.message == (
        "the March 2025 release raised Q1 2025 by 3,000 to 5,000 from 280,000 (may): "
        'it implies "284,000" for Q1 2025 (june); 1.4 % of the window'
    )
    assert found.size == 4_000
    assert not only(bench.found(tolerance=Fraction(3, 2))).fails
    assert only(bench.found(tolerance=Fraction(7, 5))).fails  # 1.43 % are above 1.4 %


def test_papers_that_repeat_two_releases(bench):
    bench.facts(
        "x.nev",
        'period: 2025-H1, stated: "1,060,000", source: paper-1',
        'period: 2025-07, stated: "225,000", source: paper-2',
        'period: 2025-01/2025-07, stated: "1,308,000", source: paper-2',
    )
    found = only(bench.found())
    assert found.verdict == "revision"
    assert found.sources == ("paper-1", "paper-2")


@pytest.mark.parametrize(("tolerance", "fails"), [("1", False), ("0.5", True), ("0.72", False)])
def test_a_small_revision_needs_no_acknowledgement(bench, tolerance, fails):
    bench.facts(
        "x.all",
        'period: 2025-H1, stated: "3,083,000", source: june',
        'period: 2025-07, stated: "575,000", source: july',
        'period: 2025-01/2025-07, stated: "3,680,000", source: july',
    )
    audit = bench.audit(tolerance=Fraction(tolerance))
    found = only(list(audit.open))
    assert "raised H1 2025 by 20,500 to 23,500" in found.message
    assert audit.fails is fails


def test_the_size_is_as_tight_as_all_that_the_releases_say(bench):
    # By itself "3.68 million" (5,000 either way) leaves the half-year raised by 16,000 to 28,000:
    # 3,675,000 - 575,500 - 3,083,500 to 3,685,000 - 574,500 - 3,082,500. The release's NEVs and
    # others, 500 either way, put January to July at 3,678,000 to 3,680,000: raised by 19,000 to
    # 23,000. May of the older release says nothing of the half-year.
    bench.facts(
        "x.all",
        'period: 2025-H1, stated: "3,083,000", source: june',
        'period: 2025-05, stated: "551,000", source: may',
        'period: 2025-07, stated: "575,000", source: july',
        'period: 2025-01/2025-07, stated: "3.68 million", precision: 10000, source: july',
    )
    alone = only(bench.found("revision"))
    assert "raised H1 2025 by 16,000 to 28,000" in alone.message
    bench.facts("x.nev", 'period: 2025-01/2025-07, stated: "1,308,000", source: july')
    bench.facts("x.ice", 'period: 2025-01/2025-07, stated: "2,371,000", source: july')
    joint = only(bench.found("revision"))
    assert "raised H1 2025 by 19,000 to 23,000" in joint.message


def test_a_restatement_of_no_one_window_is_sized_by_the_least_move(bench):
    # The June release leaves 610,000 - 100,000 - 100,000 = 410,000 (1,500 either way) for the
    # first quarter and May, in print are 300,000 + 100,000 (1,000 either way): 7,500 are missing.
    # Were it all in the quarter, that were 2.5 % of it, in May 7.5 %.
    bench.facts(
        "x.all",
        'period: 2025-Q1, stated: "300,000", source: may',
        'period: 2025-05, stated: "100,000", source: may',
        'period: 2025-04, stated: "100,000", source: june',
        'period: 2025-06, stated: "100,000", source: june',
        'period: 2025-H1, stated: "610,000", source: june',
    )
    found = only(bench.found())
    assert found.verdict == "revision"
    assert found.size == 7_500
    assert "come to 600,000, but H1 2025 was 610,000 (june)" in found.message
    assert found.message.endswith("2.5 % of the window")


def test_growth_that_misses_the_first_print_of_its_base(bench):
    bench.facts(
        "x.nev",
        'period: 2024-05, stated: "99,000", source: last-may',
        'period: 2025-05, stated: "212,000", yoy: "+120%", source: may',
    )
    found = only(bench.found())
    assert found.verdict == "revision"
    assert "lowered May 2024 by 1,680 to 3,590 from 99,000 (last-may)" in found.message
    assert "it implies 95,910 to 96,820 (may)" in found.message


def test_growth_of_papers_that_misses_the_base_of_others(bench):
    bench.facts(
        "x.nev",
        'period: 2024-05, stated: "99,000", source: a',
        'period: 2025-05, stated: "212,000", yoy: "+120%", source: b',
    )
    found = only(bench.found())
    assert found.verdict == "revision"
    assert '"+120%" for May 2025 (b) speaks of a restated base: ' in found.message
    assert "May 2024 would be 96,360" in found.message


def test_one_release_cannot_restate_itself(bench):
    bench.facts(
        "x.nev",
        'period: 2025-H1, stated: "1,060,000", source: july',
        'period: 2025-07, stated: "225,000", source: july',
        'period: 2025-01/2025-07, stated: "1,308,000", source: july',
    )
    assert only(bench.found()).verdict == "contradiction"


def test_a_paper_may_quote_an_older_release(bench):
    bench.facts(
        "x.nev",
        'period: 2025-H1, stated: "1,060,000", source: june',
        'period: 2025-07, stated: "225,000", source: july',
        'period: 2025-01/2025-07, stated: "1,308,000", source: july',
        'period: 2025-H1, stated: "1,060,000", source: a',
        'period: 2025-H1, stated: "1,059,600", source: b',
    )
    assert [each.verdict.value for each in bench.found()] == ["revision"]


# -- neither


def test_a_gap_that_rounding_explains_is_none(bench):
    # the parts come to 3,082,000, half a thousand either way for each of the three
    bench.facts(
        "x.all",
        'period: 2025-01/2025-05, stated: "2,490,000", precision: 1000, source: a',
        'period: 2025-06, stated: "592,000", source: b',
        'period: 2025-H1, stated: "3,083,000", source: c',
    )
    # 14,000 on 12,000, each to a thousand, is +8 to +26 %
    bench.facts(
        "x.nev",
        'period: 2024-05, stated: "12,000", source: a',
        'period: 2025-05, stated: "14,000", yoy: "+20%", source: b',
    )
    assert bench.found() == []


def test_counts_that_differ_in_definition_are_no_finding(bench):
    bench.facts("x.nev", 'period: 2025, stated: "2,615,000", source: a')
    bench.facts("x.bureau", 'period: 2025, stated: "3,430,000", source: b')
    assert bench.found() == []


# -- unproven


def claim(text: str, id_: str = "x.claim") -> str:
    return f'claims:\n  - {{id: {id_}, says: "{text}", source: a, at: p1}}\n'


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ("x.all@2025 > x.all@2024", None),
        ("x.all@2025 < x.all@2024", "contradiction"),
        ("x.nev@2025 > x.nev@2024", "unproven"),  # both may be 200,500
        ("x.nev@2025 >= x.nev@2024", None),
        ("0.5 * x.all@2025 > x.nev@2025", None),
        ("x.all@2025 > x.all@2019", "unproven"),
        ("first(x.all@2025 > x.nev@2025) since 2024", "contradiction"),
        ("rank(x.all@2025 among x.*) = 1", "unproven"),
        ("rank(x.nev@2025 among x.*) = 2", "contradiction"),  # the others are 399,000
        ("rank(x.nev@2025 among x.*) <= 4", "unproven"),
        ("rank(x.nev@2025 among x.n*) = 1", "unproven"),
    ],
)
def test_claims_against_bounds(bench, says, verdict):
    bench.facts(
        "x.all",
        'period: 2024, stated: "500,000", precision: 1000, source: a',
        'period: 2025, stated: "600,000", precision: 1000, source: a',
    )
    bench.facts(
        "x.nev",
        'period: 2024, stated: "200,000", precision: 1000, source: a',
        'period: 2025, stated: "201,000", precision: 1000, source: a',
    )
    bench.more(claim(says))
    audit = bench.audit()
    if verdict is None:
        assert audit.open == []
        assert audit.proved == ("x.claim",)
    else:
        found = only(list(audit.open))
        assert found.verdict == verdict
        assert "x.claim" in found.facts
        assert found.fails is (verdict == "contradiction")


def test_claims_that_oppose_each_other(bench):
    bench.more(claim("rank(x.all@2025 among x.*) = 1", "first"))
    bench.more(claim("x.nev@2025 > x.all@2025", "second"))
    found = only(bench.found("contradiction"))
    assert found.facts == ("first", "second")
    assert found.set_aside == ("first", "second")


# -- implausible


def test_a_rest_at_an_odd_pace(bench):
    bench.facts(
        "x.all",
        'period: 2025-01/2025-11, stated: "1,020,000", source: a',
        'period: 2025, stated: "3,430,000", source: b',
    )
    bench.facts(
        "x.nev",
        'period: 2025-01/2025-11, stated: "1,000,000", precision: 1000, source: a',
        'period: 2025, stated: "1,010,000", precision: 1000, source: b',
    )
    fast, slow = bench.found("implausible")
    assert fast.message.startswith("Dec 2025 alone would be")
    assert "at least 8.4 times the monthly mean of 2025" in fast.message
    assert "Dec 2025 alone would be 9,000 to 11,000" in slow.message
    assert fast.size == 2_410_000
    assert not fast.fails


def test_an_ordinary_rest_and_one_that_is_stated_say_nothing(bench):
    bench.facts(
        "x.all",
        'period: 2025-01/2025-11, stated: "1,020,000", source: a',
        'period: 2025, stated: "1,300,000", source: b',
    )
    bench.facts(
        "x.nev",
        'period: 2025-01/2025-11, stated: "1,000,000", precision: 1000, source: a',
        'period: 2025-12, stated: "10,000", precision: 1000, source: a',
        'period: 2025, stated: "1,010,000", precision: 1000, source: b',
    )
    assert bench.found("implausible") == []


def test_targets_whose_date_has_passed(bench):
    bench.facts(
        "x.stores",
        'as_of: 2025, stated: "1,000", status: forecast, source: dated',
        'as_of: 2026, stated: "2,000", status: forecast, source: dated',
        'as_of: 2025, stated: "3,000", status: forecast, source: a',
        'as_of: 2027, stated: "4,000", status: forecast, source: a',
    )
    found = bench.found("implausible", today=date(2026, 6, 1))
    assert [each.facts for each in found] == [("x.stores@2025#dated",), ("x.stores@2025#a",)]
    assert len(bench.found("implausible", today=date(2025, 6, 1))) == 1


# -- a counter that is not named


def test_an_unnamed_counter_is_tried_as_each(bench):
    bench.facts("x.nev", 'period: 2025-01/2025-05, stated: "855,000", yoy: "+64.6%", source: a')
    bench.facts("x.bureau", 'period: 2025, stated: "3,430,000", source: b')
    bench.facts(
        "x.unnamed", 'period: 2025-01/2025-11, stated: "1,020,000", yoy: "+101%", source: c'
    )
    found = bench.found()
    assert [each.verdict.value for each in found] == ["contradiction", "implausible"]
    assert found[0].message.startswith("c counted by Office of Exland: Jan-Nov 2024 would be")
    assert found[1].message.startswith("c counted by Bureau of Exland: Dec 2025 alone would be")


def test_an_unnamed_counter_may_repeat_what_was_restated_since(bench):
    bench.facts(
        "x.nev",
        'period: 2025-H1, stated: "1,060,000", source: june',
        'period: 2025-07, stated: "225,000", source: july',
        'period: 2025-01/2025-07, stated: "1,308,000", source: july',
    )
    bench.facts("x.unnamed", 'period: 2025-H1, stated: "1,060,000", source: a')
    assert [each.verdict.value for each in bench.found()] == ["revision"]
    bench.facts("x.unnamed", 'period: 2025-H1, stated: "1,070,000", source: b')
    found = bench.found()
    assert [each.verdict.value for each in found] == ["contradiction", "revision"]
    assert found[0].message.startswith("b counted by Office of Exland: ")


# -- several processors


def test_one_processor_and_many_find_the_same(bench, monkeypatch):
    connected(bench)
    bench.facts("x.all", 'period: 2019-05, stated: "700,000", source: b')
    bench.facts(
        "x.bureau",
        'period: 2025-01, stated: "10,000", source: a',
        'period: 2025-01, stated: "20,000", source: b',
    )
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone = bench.found()
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert bench.found() == alone
    assert len({each.series for each in alone}) == 2


# -- large components

MONTHS = [f"{year}-{month:02}" for year in range(2014, 2026) for month in range(1, 13)]


def connected(bench):
    """Three hundred statements that hang together: months tied by growth and by their years."""
    bench.facts(
        "x.all", *(f'period: {each}, stated: "500,000", yoy: "+0.0%", source: a' for each in MONTHS)
    )
    bench.facts(
        "x.all", *(f'period: {year}, stated: "6,000,000", source: a' for year in range(2014, 2026))
    )


def test_above_two_hundred_only_pairs_are_said_to_be_the_smallest_set(bench):
    connected(bench)
    assert bench.found() == []
    # a half-year of three months' worth: no pair of statements excludes each other
    bench.facts("x.all", 'period: 2019-H1, stated: "1,500,000", source: b')
    found = bench.found()
    assert {each.verdict.value for each in found} == {"contradiction"}
    assert all(len(each.facts) > 2 for each in found)
    assert all("not proved to be the smallest set" in each.message for each in found)
    assert "x.all@2019-H1#b" in {name for each in found for name in each.facts}


def test_a_pair_is_always_the_smallest_set(bench):
    connected(bench)
    bench.facts("x.all", 'period: 2019-05, stated: "700,000", source: b')
    found = bench.found()
    assert {each.verdict.value for each in found} == {"contradiction"}
    assert "x.all@2019-05#b" in {name for each in found for name in each.facts}
    # no statement contradicts itself, so where two do nothing smaller can
    assert all(("not proved" in each.message) == (len(each.facts) > 2) for each in found)


# -- what cannot be, and what floats cannot tell


def test_a_fall_by_all_of_it_needs_a_large_base(bench):
    bench.facts(
        "x.stores",
        'as_of: 2025-05, stated: "501", yoy: "-100%", source: a',
        'as_of: 2024-05, stated: "1,234", source: a',
    )
    # at most half a percent is left: 501 / 0.005 is 100,200
    found = only(bench.found("contradiction"))
    assert "May 2024 would be at least 100,200" in found.message
    assert "1,234" in found.message


def test_nothing_left_falls_by_all_of_it(bench):
    bench.facts(
        "x.stores",
        'as_of: 2025-05, stated: "0", yoy: "-100%", source: a',
        'as_of: 2024-05, stated: "1,234", source: b',
    )
    assert bench.found() == []


def test_one_statement_that_cannot_be_is_said_whole(bench):
    bench.facts("x.nev", 'period: 2029, stated: "212,345", yoy: "-120%", source: a')
    found = only(bench.found("contradiction"))
    assert found.message[:1].strip(), "it does not begin in the middle"
    assert "212,345" in found.message
    assert "come to 0" not in found.message


def test_a_gap_of_one_beside_a_billion(bench):
    bench.facts(
        "x.nev",
        'period: 2024, stated: "1 billion", source: c',
        'period: 2024-05, stated: "4", source: a',
        'period: 2024-Q2, stated: "3", source: b',
    )
    found = only(bench.found("contradiction"))
    assert found.facts == ("x.nev@2024-05#a", "x.nev@2024-Q2#b")
    assert found.size == 1


def test_a_conflict_inside_one_release_is_no_restatement(bench):
    # beside 999 trillion floats cannot tell 1 from 10,511: the release seemed to hold together
    bench.more(
        "sources:\n"
        "  - {id: jan, title: T, outlet: O, published: 2026-01}\n"
        "  - {id: feb, title: T, outlet: O, publisher: x-bureau, published: 2026-02}\n"
        "  - {id: apr, title: T, outlet: O, origin: jan, published: 2026-04}\n"
    )
    counted = "title: T, subject: XX, metric: x-exports, unit: vehicles, publisher: x-bureau"
    bench.more(f"series:\n  - {{id: y.all, {counted}}}\n  - {{id: y.nev, {counted}}}\n")
    bench.facts(
        "y.all",
        'period: 2025-Q3, stated: "999 trillion", yoy: halved, source: apr',
        'period: 2025-01, stated: "10,511", mom: x3, source: apr',
        'period: 2025-01/2025-04, stated: "1", source: feb',
        'period: 2025-01/2025-05, stated: "about 0", source: feb',
        'period: 2024-01/2024-11, stated: "0", source: jan',
    )
    bench.facts("y.nev", "period: 2025-Q3, yoy: doubled, source: feb")
    bench.facts("y.nev", 'period: 2024, yoy: "over +5%", source: apr')
    second, first = bench.found("contradiction")
    assert first.message.startswith("Jan-Apr 2025 was 1 (feb), but Jan 2025 alone was 10,511 (apr)")
    # a half of it is 999 trillion
    assert second.message.startswith(
        "Jan-Nov 2024 was 0 (jan), but Q3 2024 alone was 1,998,000 billion (apr)"
    )


@pytest.mark.parametrize(
    ("published", "verdict"),
    [("2025-07", "contradiction"), ("2025", "contradiction"), ("2025-06", "revision")],
)
def test_a_release_restates_only_what_is_surely_older(bench, published, verdict):
    release = f"{{id: z, title: Z, outlet: O, publisher: x-office, published: {published}}}"
    bench.more(f"sources:\n  - {release}\n")
    bench.facts(
        "x.nev",
        'period: 2025-05, stated: "212,000", source: z',
        'period: 2025-05, stated: "220,000", source: june',  # of 10 July
    )
    assert only(bench.found()).verdict == verdict
