"""Without the built-in record packs borrow the words that they use, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import Record
from tests.loader.packs import BASE

OWN = """\
vocabulary:
  subjects: [{id: seal, name: Seal, kind: brand, part_of: [byd]}]
  metrics: [{id: gdp, name: GDP, kind: flow}]
sources: [{id: s, title: T, outlet: O, published: 2025}]
series:
  - {id: seal.gdp, title: T, subject: seal, metric: gdp, scope: bev, unit: THB, publisher: byd,
     method: maker-reported, facts: [{period: 2024, stated: "THB 5 million", source: s}]}
"""
MORE = """\
    - {id: bev, name: Battery-electric, part_of: [nev]}
"""


@pytest.fixture
def borrowed(tmp_path: Path):
    """What comes of a pack of one's own beside words that are lent."""
    lent = BASE.replace("    - {id: ice,", f"{MORE}    - {{id: ice,")
    (tmp_path / "lent.yaml").write_text(lent, "utf-8")

    def of(text: str, **how: bool) -> Record:
        (tmp_path / "own.yaml").write_text(text, "utf-8")
        lender = Pack(tmp_path / "lent.yaml", builtin=True, definitions_only=True, **how)
        return load([lender, Pack(tmp_path / "own.yaml")])

    return of


def test_what_is_used_is_lent_and_nothing_else(borrowed) -> None:
    words = borrowed(OWN).vocabulary
    assert list(words.subjects) == ["seal", "byd"]  # one's own first
    assert words.subjects["seal"].part_of == ("byd",)
    assert list(words.metrics) == ["gdp"]
    assert list(words.scopes) == ["bev"]
    assert words.scopes["bev"].part_of == ()  # nobody uses what it lies in
    assert list(words.destinations) == ["world"]
    assert list(words.publishers) == ["byd"]
    assert (words.partitions, words.restatements) == ((), ())
    assert {"THB", "vehicles", "percent"} <= words.units.keys()  # basic units stay


def test_a_part_lies_in_what_is_used_of_its_wholes(borrowed) -> None:
    # nev lies between bev and all, and nobody uses it
    also = OWN.replace("series:\n", "series:\n  - " + SERIES)
    assert borrowed(also).vocabulary.scopes["bev"].part_of == ("all",)


SERIES = """{id: seal.all, title: T, subject: seal, metric: gdp, unit: THB, publisher: byd,
     method: maker-reported}
"""


def test_a_word_of_ones_own_takes_the_place_of_one_that_is_lent(borrowed) -> None:
    own = OWN.replace("subjects: [", "subjects: [{id: saic, name: Mine, kind: maker}, ")
    own = own.replace("subject: seal", "subject: mg").replace(
        "sources:", "  units: [{id: thb, name: My baht, kind: money, words: [baht]}]\nsources:"
    )
    words = borrowed(own).vocabulary
    assert words.subjects["saic"].name == "Mine"
    assert words.subjects["mg"].part_of == ()  # lent, and lies in nothing of one's own
    assert words.units["thb"].words == ("baht",)


def test_a_series_that_is_lent_comes_with_its_words_where_it_has_facts(borrowed) -> None:
    added = "  - {id: cn.exports.nev, facts: [{period: 2024, stated: '7,000', source: s}]}\n"
    record = borrowed(OWN + added)
    assert set(record.series) == {"seal.gdp", "cn.exports.nev"}
    assert {"CN", "exports", "caam"} <= {
        *record.vocabulary.subjects,
        *record.vocabulary.metrics,
        *record.vocabulary.publishers,
    }
    assert record.vocabulary.scopes["bev"].part_of == ("nev",)


def test_a_region_is_lent_with_all_that_it_has_in_it(borrowed) -> None:
    to = OWN.replace("scope: bev", "scope: bev, destination: europe")
    words = borrowed(to).vocabulary
    assert words.destinations["europe"].members == ("HU", "DE")
    assert words.reaches("DE", "europe")


def test_whoever_writes_a_pack_may_use_every_word(borrowed) -> None:
    record = borrowed(OWN, lends_all=True)
    assert {"CN", "saic", "mg", "byd", "seal"} == set(record.vocabulary.subjects)
    assert "byd.stores" in record.series
