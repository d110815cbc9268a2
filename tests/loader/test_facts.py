"""Facts: what a valid one means, and what every invalid one is told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.model.period import parse_period
from evcli.model.quantity import Bounds
from evcli.model.records import Place, Rank, Status

from .packs import Loaded, Problems, facts


def test_a_fact_with_everything(loaded: Loaded) -> None:
    record = loaded(
        facts(
            '{period: 2025-01/2025-06, stated: "300,000", printed: 30万, yoy: "+120%",'
            " mom: down 5%, source: paper, at: [p1, p3], rank: deprecated, reason: too round,"
            " status: estimated, reading: as printed, note: 中国, precision: 100}"
        )
    )
    (fact,) = record.facts
    assert fact.id == "cn.exports.nev@2025-H1#paper"
    assert fact.period == parse_period("2025-H1")
    assert (fact.stated, fact.printed, fact.yoy_stated) == ("300,000", "30万", "+120%")
    assert fact.quantity is not None
    assert fact.quantity.value == 300_000
    assert fact.bounds == Bounds(Fraction(299_950), Fraction(300_050))
    assert fact.yoy is not None
    assert fact.yoy.bounds == Bounds(Fraction("119.5"), Fraction("120.5"))
    assert fact.mom is not None
    assert fact.mom.value == -5
    assert (fact.source, fact.origin, fact.at) == ("paper", "caam-2025-06", ("p1", "p3"))
    assert (fact.rank, fact.reason) == (Rank.DEPRECATED, "too round")
    assert (fact.status, fact.reading, fact.note) == (Status.ESTIMATED, "as printed", "中国")
    assert (fact.published, fact.own) == ("", False)
    assert fact.place == Place("x.yaml", 4, 9)


def test_the_publishers_precision_and_own_release(loaded: Loaded) -> None:
    (fact,) = loaded(facts("{period: 2025-05, stated: '300,000', source: caam-2025-06}")).facts
    assert fact.bounds == Bounds(Fraction(299_500), Fraction(300_500))
    assert (fact.published, fact.own, fact.origin) == ("2025-06-11", True, "caam-2025-06")


def test_precision_of_a_series_goes_before_the_publishers(loaded: Loaded) -> None:
    record = loaded(
        "series:\n  - {id: own, title: T, subject: CN, metric: exports, unit: vehicles,\n"
        "     publisher: caam, precision: '10,000', facts: [\n"
        "     {period: 2025, stated: '300,000', source: caam-2025-06}]}\n"
    )
    assert record.facts[0].bounds == Bounds(Fraction(295_000), Fraction(305_000))
    assert record.series["own"].scope == "all"
    assert record.series["own"].destination == "world"
    assert record.series["own"].method == ""


def test_a_change_over_years(loaded: Loaded) -> None:
    line = "{period: 2024, change: {stated: nearly doubled, over: P3Y}, source: caam-2025-06}"
    change = loaded(facts(line)).facts[0].change
    assert change is not None
    assert (change.stated, change.over) == ("nearly doubled", "P3Y")
    assert change.quantity.bounds == Bounds(None, Fraction(100))


def test_ids_number_repeats_in_file_order(loaded: Loaded) -> None:
    line = "{period: 2025-05, stated: '1,000', source: caam-2025-06, at: p%d}"
    record = loaded(facts(line % 1, line % 2, line % 3))
    assert [(fact.id, fact.at) for fact in record.facts] == [
        ("cn.exports.nev@2025-05#caam-2025-06", ("p1",)),
        ("cn.exports.nev@2025-05#caam-2025-06.2", ("p2",)),
        ("cn.exports.nev@2025-05#caam-2025-06.3", ("p3",)),
    ]


def test_origins_follow_chains(loaded: Loaded) -> None:
    record = loaded(
        facts(
            "{period: 2021, stated: '1,000', source: blog}",
            "{period: 2022, stated: '1,000', source: blog, origin: blog}",
            "{period: 2023, stated: '1,000', source: caam-2025-06, origin: blog}",
        )
    )
    assert [fact.origin for fact in record.facts] == ["caam-2025-06", "blog", "caam-2025-06"]


def test_stocks_are_dated_and_undated_is_a_period(loaded: Loaded) -> None:
    record = loaded(
        "series:\n  - id: byd.stores\n    facts:\n"
        "      - {as_of: 2025-06, stated: over 67 cars, source: blog}\n"
        "      - {as_of: undated, stated: '70', source: blog}\n"
    )
    assert [fact.id for fact in record.facts] == [
        "byd.stores@2025-06#blog",
        "byd.stores@undated#blog",
    ]
    assert record.vocabulary.publishers["byd"].kind == "maker"
    assert record.vocabulary.publishers["byd"].name == "BYD"


def test_places_are_optional_where_the_source_is_no_file(problems: Problems) -> None:
    assert problems(facts("{period: 2025, stated: '1,000', source: blog}")) == []
    assert problems(facts("{period: 2025, stated: '1,000', source: paper}")) == [
        "x.yaml:4:9: the fact lacks 'at'"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "{perod: 2025, stated: '1,000', source: blog}",
            "4:10: unknown key 'perod' in a fact (did you mean 'period'?)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, zzz: 1}",
            "4:55: unknown key 'zzz' in a fact (keys of a fact: as_of, at, change, mom, note, "
            "origin, period, precision, printed, rank, reading, reason, source, stated, status, "
            "yoy)",
        ),
        ("{stated: '1,000', source: blog}", "4:9: the fact lacks 'period'"),
        (
            "{period: 2025, as_of: 2025, stated: '1,000', source: blog}",
            "4:31: a fact has 'period' or 'as_of', not both "
            "(as_of dates stocks, period is for everything else)",
        ),
        (
            "{as_of: 2025, stated: '1,000', source: blog}",
            "4:17: 'as_of' does not suit a flow (write period:)",
        ),
        (
            "{period: 2025-13, stated: '1,000', source: blog}",
            "4:18: '2025-13': there is no month 13",
        ),
        (
            "{period: 2025-06/2025-01, stated: '1,000', source: blog}",
            "4:18: '2025-06/2025-01' runs backwards: write the earlier end first",
        ),
        (
            "{period: 2025-02-30, stated: '1,000', source: blog}",
            "4:18: '2025-02-30': month 02 has no day 30",
        ),
        (
            "{period: 2025, stated: '150.000', source: blog}",
            "4:32: '150.000': a count has no decimals "
            "(write 150,000 if the page groups thousands with dots)",
        ),
        (
            "{period: 2025, stated: 2 mil, source: blog}",
            "4:32: '2 mil': 'mil' is ambiguous (write thousand, million or billion)",
        ),
        (
            "{period: 2025, stated: $16 billion, source: blog}",
            "4:32: '$16 billion' is in USD, but the series counts vehicles (check the series)",
        ),
        (
            "{period: 2025, yoy: down +5%, source: blog}",
            "4:29: 'down +5%' says the direction twice (write down 5% or +5%)",
        ),
        (
            "{period: 2025, mom: 5%, source: blog}",
            "4:29: '5%' has no direction (write +5%, -5%, up 5% or down 5%)",
        ),
        (
            "{period: 2025, change: {stated: doubled, over: 3 years}, source: blog}",
            "4:56: '3 years' is not a duration (write P3Y for three years, P6M for six months)",
        ),
        (
            "{period: 2025, change: {stated: doubled}, source: blog}",
            "4:32: the change lacks 'over'",
        ),
        ("{period: 2025, change: doubled, source: blog}", "4:32: 'change' is a mapping"),
        (
            "{period: 2025, source: blog}",
            "4:9: the fact says nothing (give stated, yoy, mom or change)",
        ),
        ("{period: 2025, stated: '1,000'}", "4:9: the fact lacks 'source'"),
        (
            "{period: 2025, stated: '1,000', source: blgo}",
            "4:49: no source named 'blgo' (did you mean 'blog'?)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, origin: papr}",
            "4:63: no source named 'papr' (did you mean 'paper'?)",
        ),
        (
            "{period: 2025, stated: '1,000', source: [blog, paper]}",
            "4:49: 'source' is one text, not a list",
        ),
        (
            "{period: 2025, stated: {a: b}, source: blog}",
            "4:32: 'stated' is one text, not a mapping",
        ),
        (
            "{period: 2025, stated: , source: blog}",
            "4:32: 'stated' is empty (give a value or leave the key out)",
        ),
        (
            "{period: 2025, stated: '1,000', note: '', source: blog}",
            "4:47: 'note' is empty (give a value or leave the key out)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, at: []}",
            "4:59: 'at' is an empty list (name one at least)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, at: {p: 1}}",
            "4:59: 'at' is a text or a list, not a mapping",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, rank: prefered}",
            "4:61: unknown rank 'prefered' "
            "(did you mean 'preferred'? valid: preferred, normal, deprecated)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, rank: deprecated}",
            "4:61: a deprecated fact needs a reason (add reason: what is wrong with it)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, status: forcast}",
            "4:63: unknown status 'forcast' (did you mean 'forecast'? "
            "valid: normal, estimated, provisional, forecast)",
        ),
        (
            "{period: 2025, stated: '1,000', source: blog, precision: 1.5}",
            "4:66: '1.5' is not a precision (write exact, or a whole number such as 1000)",
        ),
        ("just text", "4:9: a fact is a mapping, not a bare text"),
        ("[list]", "4:9: a fact is a mapping, not a list"),
    ],
)
def test_one_mistake_gives_one_problem(problems: Problems, line: str, expected: str) -> None:
    assert problems(facts(line)) == [f"x.yaml:{expected}"]


def test_a_value_too_long_to_be_one(problems: Problems) -> None:
    (found,) = problems(facts(f"{{period: 2025, stated: '{'9' * 5000}', source: blog}}"))
    assert found.startswith("x.yaml:4:32: '9999")
    assert "is too long to be a value" in found


def test_no_percentage_has_a_precision(problems: Problems) -> None:
    text = (
        "series:\n  - {id: a.b, title: T, subject: CN, metric: exports, unit: percent,\n"
        "     publisher: caam, precision: 10}\n"
    )
    assert problems(text) == [
        "x.yaml:3:34: a precision is for counts and amounts, but 'percent' is a percent"
        " (leave it out)"
    ]


def test_forty_mistakes_give_forty_problems(problems: Problems) -> None:
    lines = []
    for year in range(2000, 2010):
        lines += [
            f"{{period: {year}-13, stated: '1,000', source: blog}}",
            f"{{period: {year}, stated: 1 mil, source: blog}}",
            f"{{period: {year}, stated: '1,000', sorce: blog}}",
            f"{{period: {year}, stated: 212,000, source: blog}}",
        ]
    found = problems(facts(*lines))
    assert len(found) == 40
    assert [int(each.split(":")[1]) for each in found] == list(range(4, 44))


def test_texts_of_a_fact_without_a_name_are_looked_at_too_and_each_once(
    problems: Problems,
) -> None:
    told = problems(facts("{stated: '1,000', yoy: [x2], printed: [a], note: {a: b}, source: blog}"))
    assert told == [
        "x.yaml:4:9: the fact lacks 'period'",
        "x.yaml:4:32: 'yoy' is one text, not a list",
        "x.yaml:4:47: 'printed' is one text, not a list",
        "x.yaml:4:58: 'note' is one text, not a mapping",
    ]


def test_two_mistakes_in_one_fact_are_both_told(problems: Problems) -> None:
    assert problems(facts("{period: 2025-13, stated: 1 mil, source: nope, rank: best}")) == [
        "x.yaml:4:18: '2025-13': there is no month 13",
        "x.yaml:4:35: '1 mil': 'mil' is ambiguous (write thousand, million or billion)",
        "x.yaml:4:50: no source named 'nope'",
        "x.yaml:4:62: unknown rank 'best' (valid: preferred, normal, deprecated)",
    ]


SHARE = """\
series:
  - {id: sh, title: T, subject: CN, metric: export-share, scope: nev, unit: percent,
     publisher: caam, part: cn.exports.nev, whole: cn.exports.all}
  - id: sh
    facts:
      - {period: 2025, source: paper, at: p1, stated: "%s"}
"""


@pytest.mark.parametrize("stated", ["120%", "about 100.5%", "over 101%", "101% to 120%"])
def test_no_part_is_more_than_its_whole(problems: Problems, stated: str) -> None:
    assert problems(SHARE % stated) == [
        f"x.yaml:6:55: {stated!r}: no part is more than its whole "
        "(check the page; what it misprints goes into left_out: of its source)"
    ]


@pytest.mark.parametrize(
    ("stated", "low", "high"),
    # half a unit of the last digit each way, but never less than nothing or more than the whole
    [("0%", 0, "0.5"), ("100%", "99.5", 100), ("about 99.9%", "99.8", 100), ("over 90%", 90, None)],
)
def test_a_share_ends_at_nothing_and_at_the_whole(
    loaded: Loaded, stated: str, low: int | str, high: int | str | None
) -> None:
    (fact,) = loaded(SHARE % stated).facts
    assert fact.bounds == Bounds(Fraction(low), None if high is None else Fraction(high))


@pytest.mark.parametrize(
    ("key", "text", "what", "hint"),
    [
        ("stated", "2.49\xa0million", "a no-break space (U+00A0)", "write a plain space"),
        ("stated", "212\u202f000", "a narrow no-break space (U+202F)", "write a plain space"),
        ("stated", "212\u3000000", "an ideographic space (U+3000)", "write a plain space"),
        ("stated", "\uff16.2万", "a full-width digit six (U+FF16)", "write 6"),
        ("yoy", "+28.2\uff05", "a full-width percent sign (U+FF05)", "write %"),
        ("yoy", "\uff0b5%", "a full-width plus sign (U+FF0B)", "write +"),
        ("yoy", "+5\u200b%", "a zero width space (U+200B)", "leave it out"),
        ("period", "2025\uff0d05", "a full-width hyphen-minus (U+FF0D)", "write -"),
    ],
)
def test_a_sign_that_looks_like_another_is_named(
    problems: Problems, key: str, text: str, what: str, hint: str
) -> None:
    values = {"period": "2025", "source": "blog", key: f'"{text}"'}
    line = ", ".join(f"{name}: {value}" for name, value in values.items())
    said = f": {text!r}: there is {what} in it ({hint})"
    assert any(each.endswith(said) for each in problems(facts(f"{{{line}}}")))
