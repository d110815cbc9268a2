"""Questions in words, read by hand: what each word is follows from the vocabulary of the record."""

from __future__ import annotations

import contextlib
import itertools
import unicodedata
from collections.abc import Iterator

import pytest

from evcli.errors import UnknownName, UsageError
from evcli.model.codes import COUNTRIES, OTHER_NAMES
from evcli.query.selection import Query
from evcli.query.words import read_words
from evcli.store import Store, open_store, pack_choice

# the words "last year" and "this month" count from 16 July 2026
NOW = "1784160000"
EUROPE = "europe eu-uk eu-uk-efta europe28 europe29"  # as five counters draw it

# command, words, and what they name: kind=ids, by spaces; when= one period or several
READINGS = """
exports | nev mexico 2025 | scope=nev destination=MX year=2025
exports | 2025 MEXICO Nev | scope=nev destination=MX year=2025
exports | mexico russia brazil | destination=MX RU BR along=destination
exports | new-energy vehicles to Mexico in 2025 | scope=nev destination=MX year=2025
exports | from china to mexico | subject=CN destination=MX
exports | China | subject=CN
exports | EU 2025 | destination=EU year=2025
exports | nev exports | scope=nev
exports | caam | publisher=caam
exports | customs nev | publisher=gacc scope=nev
exports | battery electric south korea | scope=bev destination=KR
exports | bev phev | scope=bev phev along=scope
exports | plug-in hybrids | scope=phev
exports | plug-ins | scope=phev
exports | passenger cars | scope=passenger
exports | the exports of cars from China to the Philippines | subject=CN destination=PH
exports | average price | metric=export-price
exports | 新能源 墨西哥 2025年 | scope=nev destination=MX year=2025
exports | 中国新能源汽车出口2025年5月 | subject=CN scope=nev period=2025-05
exports | 海关 2025年1-10月 | publisher=gacc period=2025-01/2025-10
exports | 2025年一季度 俄罗斯 | destination=RU period=2025-Q1
exports | 去年 巴西 | destination=BR year=2025
exports | 上半年 2025 | period=2025-H1
exports | US | destination=US
exports | us | destination=US
exports | USA | destination=US
exports | UAE | destination=AE
exports | uk | destination=GB
exports | in IN | destination=IN
exports | by BY | destination=BY
exports | NO | destination=NO
exports | no | nothing
exports | Czech Republic | destination=CZ
exports | Ivory Coast | destination=CI
exports | Côte d'Ivoire | destination=CI
exports | cote d’ivoire | destination=CI
exports | Türkiye | destination=TR
exports | TURKEY İtaly | destination=TR IT along=destination
exports | Holland | destination=NL
exports | Hong Kong Macao Taiwan Kosovo | destination=HK MO TW XK along=destination
exports | ＭＥＸＩＣＯ ２０２５ | destination=MX year=2025
exports | may 2025 | period=2025-05
exports | 2025 may | period=2025-05
exports | May-2025 | period=2025-05
exports | 2025-05 | period=2025-05
exports | may 2024 2025 | periods=2024-05 2025-05 along=period
exports | q3 2025 | period=2025-Q3
exports | 2025q3 | period=2025-Q3
exports | third quarter 2025 | period=2025-Q3
exports | q1 and q2 2025 | periods=2025-Q1 2025-Q2 along=period
exports | h1 2025 | period=2025-H1
exports | first half of 2025 | period=2025-H1
exports | jan-oct 2025 | period=2025-01/2025-10
exports | January to October 2025 | period=2025-01/2025-10
exports | 2025-01..10 | period=2025-01/2025-10
exports | jan 2024 to mar 2025 | period=2024-01/2025-03
exports | 2024 2025 | periods=2024 2025 along=period
exports | 2024,2025 | periods=2024 2025 along=period
exports | 2023-2025 | periods=2023 2024 2025 along=period
exports | 2023..2025 | periods=2023 2024 2025 along=period
exports | 2023 – 2025 | periods=2023 2024 2025 along=period
exports | from 2023 to 2025 | periods=2023 2024 2025 along=period
exports | since 2023 nev | scope=nev since=2023
exports | from 2023 | since=2023
exports | until 2024 | until=2024
exports | latest | latest=True
exports | last year | year=2025
exports | last month | period=2026-06
exports | monthly 2025 | year=2025 by=month
exports | per month | by=month
exports | by country 2025 | year=2025 by=destination
exports | by maker | by=subject
exports | annual | by=year
exports | by quarter | by=quarter
exports | How many NEVs did China export in May 2025? | subject=CN scope=nev period=2025-05
exports | exports to Russia 2024 vs 2025 | destination=RU periods=2024 2025 along=period
exports | 中国对墨西哥的汽车出口 | subject=CN destination=MX
exports | 2025 年 5 月 | period=2025-05
exports | 2025年前10个月 | period=2025-01/2025-10
exports | first ten months of 2025 | period=2025-01/2025-10
exports | Jan.-Oct. 2025 | period=2025-01/2025-10
exports | 2025/05 | period=2025-05
exports | 5/2025 | period=2025-05
exports | between 2023 and 2025 | periods=2023 2024 2025 along=period
exports | from may 2024 to may 2025 | period=2024-05/2025-05
exports | 2025-05 2025-06 | periods=2025-05 2025-06 along=period
exports | 2025-01 to 2025-03 | period=2025-Q1
exports | the U.S.A. | destination=US
exports | U.K. | destination=GB
exports | St. Lucia | destination=LC
exports | belt and road | destination=belt-and-road
exports | electric buses | scope=electric-bus
exports | commercial vehicles latin america | scope=commercial destination=latin-america
exports | according to customs | publisher=gacc
exports | average export price | metric=export-price
sales | SAIC-GM-Wuling | subject=sgmw
sales | how many vehicles did BYD sell abroad | subject=byd metric=overseas-sales
sales | byd 2025 | subject=byd year=2025
sales | 2025 比亚迪 | subject=byd year=2025
sales | great wall last year | subject=great-wall year=2025
sales | mg | subject=mg
sales | MG | subject=mg
sales | registrations acea europe | metric=registrations publisher=acea destination={EUROPE}
sales | byd registrations germany | subject=byd metric=registrations destination=DE
sales | market share byd GB | metric=market-share subject=byd destination=GB
sales | chery overseas sales | subject=chery metric=overseas-sales
sales | chery sales | subject=chery
policy | eu byd | destination=EU subject=byd
policy | us | destination=US
policy | china | destination=CN
plants | hungary | destination=HU
plants | byd plants in Hungary | subject=byd destination=HU
investment | catl hungary | subject=catl destination=HU
network | nio stores | subject=nio metric=stores
growth | byd 2025 | subject=byd year=2025
growth | nev exports by year | scope=nev metric=exports by=year
get | cn.exports.nev.caam 2025 | series=cn.exports.nev.caam year=2025
get | cn.exports.*.caam nev | series=cn.exports.*.caam scope=nev
get | byd overseas sales 2025 | subject=byd metric=overseas-sales year=2025
explain | nev exports may 2025 | scope=nev metric=exports period=2025-05
explain | cn.exports.nev.caam@2025-05 | series=cn.exports.nev.caam@2025-05
explain | seed-003 | series=seed-003
share | phev nev 2025 | scope=phev nev year=2025 along=scope
total | byd saic chery 2025 | subject=byd saic chery year=2025 along=subject
compare | caam customs exports 2025 | publisher=caam gacc metric=exports year=2025 along=publisher
compare | byd vs chery 2023-2025 | subject=byd chery periods=2023 2024 2025 along=subject
compare | byd and byd's chery | subject=byd chery along=subject
top | destinations 2025 | year=2025 by=destination
top | makers | by=subject
top | markets | by=destination
network | markets | metric=markets
compare | between byd and tesla in germany | subject=byd tesla destination=DE along=subject
top | 10 destinations | by=destination limit=10
trend | nev exports | scope=nev metric=exports
coverage | byd | subject=byd
""".replace("{EUROPE}", EUROPE)
ROWS = [tuple(part.strip() for part in row.split("|")) for row in READINGS.strip().splitlines()]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(pack_choice((), no_builtin=False)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOW)


def told(query: Query) -> str:
    """All that was read, in one line and one order."""
    where, when = query.where, query.when
    fields = {
        "subject": where.subjects,
        "metric": where.metrics,
        "scope": where.scopes,
        "destination": where.destinations,
        "publisher": where.publishers,
        "series": query.series,
        **when._asdict(),
        "by": query.by,
        "along": query.along,
        "limit": query.limit,
    }
    texts = {
        name: " ".join(map(str, value)) if type(value) is tuple else str(value)
        for name, value in fields.items()
        if value
    }
    return " ".join(f"{name}={text}" for name, text in sorted(texts.items()))


def in_order(expected: str) -> str:
    """The fields of a row of the table in the order of :func:`told`."""
    parts: list[str] = []
    for word in [] if expected == "nothing" else expected.split():
        if "=" in word:
            parts.append(word)
        else:
            parts[-1] += f" {word}"
    return " ".join(sorted(parts))


@pytest.mark.parametrize(("command", "words", "expected"), ROWS)
def test_words_are_read_as_what_they_are(
    command: str, words: str, expected: str, store: Store
) -> None:
    assert told(read_words(store, words.split(), command)) == in_order(expected)


def test_a_quoted_phrase_is_read_as_its_words(store: Store) -> None:
    once = read_words(store, ["great wall", "may 2025"], "sales")
    assert once == read_words(store, ["great", "wall", "may", "2025"], "sales")


PARTS = ("nev", "south korea", "may 2025", "customs", "monthly")


@pytest.mark.parametrize("order", [*itertools.permutations(PARTS)])
def test_words_of_different_kinds_stand_in_any_order(order: tuple[str, ...], store: Store) -> None:
    read = told(read_words(store, " ".join(order).split(), "exports"))
    expected = "by=month destination=KR period=2025-05 publisher=gacc scope=nev"
    assert read == expected


@pytest.mark.parametrize("words", ["Türkiye", "Côte d'Ivoire", "México", "Réunion", "Curaçao"])
def test_composed_and_decomposed_letters_read_the_same(words: str, store: Store) -> None:
    forms = {unicodedata.normalize(form, words) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    cases = {change(form) for form in forms for change in (str.upper, str.lower, str.title)}
    read = {told(read_words(store, form.split(), "exports")) for form in forms | cases}
    assert len(forms) > 1
    assert len(read) == 1


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_known_by_all_its_names(code: str, store: Store) -> None:
    for name in (code, COUNTRIES[code], *OTHER_NAMES[code]):
        read = read_words(store, name.split(), "plants").where
        # two are makers; Georgia and South Georgia, Guinea and its neighbours are told apart
        known = {"MG": "mg", "GM": "general-motors"}.get(name, code)
        assert (read.destinations or read.subjects) == (known,)


@pytest.mark.parametrize(
    ("command", "words", "offer"),
    [
        ("exports", "mexco", "the place 'Mexico'"),
        ("sales", "chrey", "the maker 'Chery'"),
        ("exports", "by cuontry", "the word 'country'"),
        ("exports", "nev batery", "the scope 'battery'"),
        ("sales", "比亚地", "the maker '比亚迪'"),  # though 比 is a small word
        ("sales", "出口比亚地2025年", "the maker '比亚迪'"),
        ("cite", "seed-03", "the source 'seed-003'"),
    ],
)
def test_an_unknown_word_offers_the_nearest_names(
    command: str, words: str, offer: str, store: Store
) -> None:
    with pytest.raises(UnknownName) as caught:
        read_words(store, words.split(), command)
    assert offer in (caught.value.hint or "")


@pytest.mark.parametrize("words", ["2025-13", "2025-02-30", "2025-05 to 2025-03", "0000-0001"])
def test_periods_that_are_none_are_errors(words: str, store: Store) -> None:
    with pytest.raises(UsageError):
        read_words(store, words.split(), "exports")


@pytest.mark.parametrize(
    "words", ["", "?", "-", "\0", "\udc80", "💥", "to", "between and", "a" * 5000, "年", "/", "@"]
)
def test_whatever_is_typed_is_read_or_refused(words: str, store: Store) -> None:
    with contextlib.suppress(UnknownName, UsageError):
        assert isinstance(read_words(store, [words], "exports"), Query)


@pytest.mark.parametrize(
    ("command", "words", "says"),
    [
        ("exports", "electric cars", "say nev or bev"),  # a word for both
        ("compare", "byd chery nev bev", "of one kind"),
        ("exports", "may", "write may 2025"),
        ("exports", "monthly by year", "one way"),
        ("exports", "2025 since 2023", "give one of them"),
        ("exports", "since", "write since 2023"),
        ("exports", "2025-2023", "earlier year first"),
        ("exports", "from 2025 to 2023", "earlier year first"),
        ("exports", "oct-jan 2025", "jan-oct 2025"),
    ],
)
def test_what_has_several_readings_says_what_chooses(
    command: str, words: str, says: str, store: Store
) -> None:
    with pytest.raises(UsageError) as caught:
        read_words(store, words.split(), command)
    assert says in (caught.value.hint or "")
