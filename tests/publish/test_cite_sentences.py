"""Sentences for figures whose every part can be worked out by hand."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from evcli.commands.session import open_packs
from evcli.diagnostics import Diagnostics
from evcli.model.figure import Figure
from evcli.model.quantity import Bounds
from evcli.publish.references import plain_sentence
from evcli.publish.sentences import cited, safe_amount
from evcli.query.figures import Figures
from tests.publish.conftest import Cite

ALL, NEV = "cn.exports.all.caam", "cn.exports.nev.caam"
EXPORTED = "Vehicles exported from China, counted by CAAM,"
NEW_ENERGY = "New-energy vehicles exported from China, counted by CAAM,"


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        # as seed-001 p3 words it
        (
            f"{NEV}@2025-05",
            f"{NEW_ENERGY} came to 212,000 vehicles in May 2025, up 120% on the year before [a].",
        ),
        (
            f"{ALL}@2025-01/2025-05",
            f"{EXPORTED} came to 2.49 million vehicles from January to May 2025, "
            "up 7.9% on the year before [a].",
        ),
        # 3,083,000 +-500 less 2,490,000 +-5,000: 593,000 +-5,500, and 0.6 % of 2,495,000, 14,970,
        # for what the June release may have restated: +-20,470, so ten thousands
        (
            f"{ALL}@2025-06",
            f"{EXPORTED} came to about 590,000 vehicles (572,000 to 614,000) in June 2025, "
            "derived from 2.49 million vehicles from January to May 2025 [a] "
            "and 3.083 million vehicles in the first half of 2025 [b] "
            "(the first half of 2025 minus January to May 2025); "
            "by the releases of May 2025 and Jun 2025, the usual restatement allowed for; "
            "if nothing was restated 587,500 to 598,500.",
        ),
        # 212,000 / 2.2 = 96,364; from 211,500 / 2.205 = 95,918.4 to 212,500 / 2.195 = 96,810.9:
        # half of that width is 446, so hundreds, and the ends to tens
        (
            f"{NEV}@2024-05",
            f"{NEW_ENERGY} came to about 96,400 vehicles (95,620 to 97,110) in May 2024, "
            "derived from 212,000 vehicles in May 2025, up 120% on the year before [a] "
            "(May 2025 divided by (1 plus 120%)); by the May 2025 release, the usual restatement "
            "allowed for; if nothing was restated 95,918 to 96,811.",
        ),
        # 212 / 551 = 38.475 %; from 211.5 / 551.5 = 38.3499 to 212.5 / 550.5 = 38.6013
        (
            f"share:{NEV}@2025-05,{ALL}@2025-05",
            f'The share of "{NEW_ENERGY[:-1]}" in "{EXPORTED[:-1]}" in May 2025 '
            "comes to about 38.5% (38.34 to 38.61), "
            "derived from 212,000 vehicles in May 2025 (new-energy) [a] "
            "and 551,000 vehicles in May 2025 (all vehicles) [a].",
        ),
        (
            "cn.investment.ev-chain.to-cn.rhodium@2022",
            "Investment of the Chinese EV supply chain at home, counted by Rhodium Group, "
            "came to over $90 billion in 2022 [a].",
        ),
        # seed-004 and seed-002 state 15 billion, seed-002 alone 41 billion;
        # 15 +-0.5 on 41 +-0.5: -63.41 %, from 14.5 / 41.5 to 15.5 / 40.5: -65.0602 to -61.7284,
        # half of it 1.67: whole per cent, and the ends to tenths
        (
            "growth:cn.investment.ev-chain.to-cn.rhodium@2024,cn.investment.ev-chain.to-cn.rhodium@2023",
            'Growth of "Investment of the Chinese EV supply chain at home" from 2023 to 2024 '
            "comes to about -63% (-65.1 to -61.7), derived from $15 billion in 2024 [a, b] "
            "and $41 billion in 2023 [b].",
        ),
        (
            "xpeng.sales-share.all.to-europe.xpeng@2025",
            "Europe's share of XPeng's overseas sales, by the company's own count, "
            "came to nearly half in 2025 [a].",
        ),
        (
            "leapmotor.overseas-sales.all.leapmotor@2025",
            "Vehicles that Leapmotor sold overseas, by the company's own count, "
            "came to over 67,000 vehicles in 2025 [a].",
        ),
        (
            f"{ALL}@2025-03",
            f"{EXPORTED} in March 2025: no figure, for no source states it, "
            "and it is not separable from January to May 2025.",
        ),
    ],
)
def test_the_seeds(id_: str, sentence: str, cite_seeds: Cite) -> None:
    told = cite_seeds(id_)
    assert (told.code, told.sentence) == (0, sentence)


ALFA = "Vehicles that Alfa exported, counted by Bureau,"


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        ("a.exports@2024", f"{ALFA} came to over 67,000 vehicles in 2024 [a]."),
        ("a.exports@2024#first", f"{ALFA} came to over 67,000 vehicles in 2024 [a]."),
        (
            "a.exports@2022",
            f'{ALFA} came to 105,000 vehicles (stated as "10.5万") in 2022, '
            'up 5% on the year before (stated as "增长5%") [a].',
        ),
        (
            "a.exports@2021",
            f"{ALFA} in 2021: sources exclude each other, 12,999 vehicles according to "
            "Third Paper [a]; 12,345 vehicles according to A & B [b].",
        ),
        (
            "a.exports@2018",
            f"{ALFA} in 2018: no level is stated, nearly doubled from the year before [a].",
        ),
        (
            "a.exports@2019",
            f"{ALFA} in 2019: no figure, for what is stated is set aside as wrong [a].",
        ),
        (
            "a.exports@2019#bare",
            'Not to be quoted: 9,999 vehicles for "Vehicles that Alfa '
            'exported" in 2019 [a] is set aside. A digit is missing.',
        ),
        (
            "a.exports@2030",
            f"{ALFA} would come to 1 million vehicles in 2030, by a plan or forecast [a].",
        ),
        (
            "a.exports@2017",
            f"{ALFA} in 2017: no figure, for no source states it, and nothing stated leads there.",
        ),
        (
            "a.stores",
            "Stores of Alfa abroad, by the company's own count, came to 60 stores "
            "as of June 2025 [a].",
        ),
        # 20,001 of more than 67,000 is at most 29.8522 %
        (
            "share:a.exports.nev@2024,a.exports@2024",
            'The share of "New-energy vehicles that Alfa '
            'exported" in "Vehicles that Alfa exported" in 2024 comes to at most 29.86%, derived '
            "from 20,001 vehicles in 2024 (new-energy) [a] and over 67,000 vehicles in "
            "2024 (all vehicles) [a].",
        ),
        # both counted to the last one, so the difference is exact, and the share four digits
        (
            "difference:a.exports@2020,a.exports.nev@2020",
            '"Vehicles that Alfa exported" in 2020 '
            'less "New-energy vehicles that Alfa exported" in 2020 comes to 8,000 vehicles, '
            "derived from 12,001 vehicles in 2020 (all vehicles) [a] and 4,001 vehicles in 2020 "
            "(new-energy) [b].",
        ),
        (
            "share:a.exports.nev@2020,a.exports@2020",
            'The share of "New-energy vehicles that Alfa '
            'exported" in "Vehicles that Alfa exported" in 2020 comes to about 33.34%, derived '
            "from 4,001 vehicles in 2020 (new-energy) [a] and 12,001 vehicles in 2020 "
            "(all vehicles) [b].",
        ),
        # more than 67,000 on 100,000 +-500, which may have been restated by 2.4 %: at least
        # 67,000 / 102,912 = -34.896 %
        (
            "growth:a.exports@2024,a.exports@2023",
            'Growth of "Vehicles that Alfa exported" from '
            "2023 to 2024 comes to at least -34.9%, derived from over 67,000 vehicles in 2024 [a] "
            "and 100,000 vehicles in 2023 [b].",
        ),
        # the rivals 12,345 and 12,999 and the 12,001 of the year before: 24,346 to 25,000
        (
            "total:a.exports@2020,a.exports@2021",
            f"{ALFA} came to between 24,340 and 25,000 "
            "vehicles from 2020 to 2021, derived from 12,001 vehicles in 2020 [a] and between "
            "12,340 and 13,000 vehicles in 2021 [a, b]; disputed by [a, b]: computed from the "
            "range of all of them.",
        ),
    ],
)
def test_what_is_odd(id_: str, sentence: str, cite_odd: Cite) -> None:
    told = cite_odd(id_)
    assert (told.code, told.sentence) == (0, sentence)


def test_the_numbers_of_derived_sentences_lie_within_their_bounds() -> None:
    """Over the whole record, as printed: the figure between the ends behind it."""
    with open_packs((), False, Diagnostics(quiet=True)) as store:
        source = Figures(store)
        series = store.match_series("cn.exports.*.caam")
        checked = 0
        for each in series:
            for figure in _derived(source, each.id):
                told = safe_amount(figure, store.vocabulary)
                match = re.fullmatch(r"about ([\d,.]+)\D* \(([\d,.]+) to ([\d,.]+)\)", told)
                if match is None:
                    continue
                said, low, high = (Fraction(text.replace(",", "")) for text in match.groups())
                assert figure.bounds.contains(said)
                assert figure.bounds.intersect(Bounds(low, high)) == figure.bounds
                checked += 1
        assert checked > 20


def _derived(source: Figures, series: str) -> list[Figure]:
    from evcli.model.period import Period

    known = source.store.series([series])[0]
    months = [Period.of_months(2024, month, 1) for month in range(1, 13)]
    found = [figure for month in months for figure in source.figures_at(known, month)]
    return [figure for figure in found if figure.basis == "derived"]


def test_every_stated_figure_of_the_record_can_be_told() -> None:
    """No sentence is empty, unfinished, or without a letter while it names a number."""
    with open_packs((), False, Diagnostics(quiet=True)) as store:
        source = Figures(store)
        ids = {f"{fact.series}@{fact.period}" for fact in store.facts(store.all_series_ids())}
        for id_ in sorted(ids):
            for sentence in cited(source, [id_]).sentences:
                told = plain_sentence(sentence)
                assert told.endswith("."), told
                assert "None" not in told, told
                assert "  " not in told, told
                assert "title not recorded" not in told
                assert re.search(r"\[[a-z]", told) or ": no figure, for" in told
