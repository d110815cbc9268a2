"""Vocabulary, series and sources: defined once, and everything they name exists."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import LeftOut, SourceProblem
from evcli.model.vocabulary import Partition, SubjectKind, UnitKind

from .packs import BASE, Loaded, Problems

SERIES = "series:\n  - {id: a.b, title: T, subject: CN, metric: exports, unit: vehicles, %s}\n"


def test_what_the_words_become(loaded: Loaded) -> None:
    words = loaded("vocabulary: {}\n").vocabulary
    assert words.subjects["byd"].kind is SubjectKind.MAKER
    assert words.subjects["byd"].aliases == ("比亚迪",)
    assert words.subjects["mg"].part_of == ("saic",)
    assert words.scopes["ice"].name == "ice"
    assert words.scopes["ice"].part_of == ("all",)
    assert words.partitions == (Partition("all", ("nev", "ice")),)
    assert words.publishers["caam"].precision == Fraction(1000)
    assert words.units["THB"].kind is UnitKind.MONEY
    # no country, currency or publisher that nothing uses
    assert list(words.destinations) == ["world", "europe", "HU", "DE"]
    assert list(words.publishers) == ["caam", "byd"]
    assert set(words.units) == {"THB", "percent", "vehicles", "vehicles/year"}


def test_any_country_and_currency_is_known(loaded: Loaded) -> None:
    record = loaded(
        "series:\n  - {id: a.b, title: T, subject: CN, metric: exports, unit: EUR,\n"
        "     destination: NO, publisher: caam}\n"
    )
    assert record.vocabulary.destinations["NO"].name == "Norway"
    assert record.vocabulary.units["EUR"].kind is UnitKind.MONEY


def test_a_share_names_its_part_and_whole(loaded: Loaded) -> None:
    share = (
        "series:\n  - {id: s.s, title: T, subject: CN, metric: export-share, unit: percent,\n"
        "     publisher: caam, part: cn.exports.nev, whole: cn.exports.all, facts: [\n"
        "     {period: 2025, stated: about half, source: blog}]}\n"
    )
    record = loaded(share)
    assert record.series["s.s"].part == "cn.exports.nev"
    assert record.series["s.s"].whole == "cn.exports.all"
    assert record.facts[0].quantity is not None
    assert record.facts[0].quantity.value == 50


def test_a_source_card(loaded: Loaded) -> None:
    record = loaded(
        "sources:\n  - id: seed-009\n    title: T\n    outlet: O\n    file: a.txt\n"
        f"    sha256: {'ab' * 32}\n"
        "    problems: [{at: [p1, p2], problem: Both cannot be}]\n"
        '    left_out: [{at: p9, text: "2007", reason: a year}]\n'
        "    read: yes\n    published: 2025-06\n    url: https://example.org\n    note: N\n"
    )
    source = record.sources["seed-009"]
    assert source.problems == (SourceProblem(("p1", "p2"), "Both cannot be"),)
    assert source.left_out == (LeftOut("p9", "2007", "a year"),)
    assert (source.file, source.sha256, source.read) == ("a.txt", "ab" * 32, True)
    assert str(source.published) == "2025-06"
    assert record.sources["blog"].read is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "vocabulary: {subject: []}\n",
            ["1:14: unknown key 'subject' in a vocabulary (did you mean 'subjects'?)"],
        ),
        (
            "vocabulary:\n  subjects: [{id: x, name: X, kind: makr}]\n",
            [
                "2:37: unknown kind 'makr' (did you mean 'maker'? valid: country, maker, brand, "
                "group, port, province, industry)"
            ],
        ),
        (
            "vocabulary:\n  subjects: [{id: x, name: X}]\n",
            ["2:14: the subject 'x' lacks 'kind'"],
        ),
        (
            "vocabulary:\n  subjects: [{id: x, kind: maker, part_of: [siac]}]\n",
            ["2:45: no subject named 'siac' (did you mean 'saic'?)"],
        ),
        (
            "vocabulary:\n  subjects:\n"
            "    - {id: x, kind: maker, part_of: y}\n    - {id: y, kind: maker, part_of: x}\n",
            [
                "3:37: circular part_of: x -> y -> x "
                "(a part lies in its whole, not the other way round)"
            ],
        ),
        (
            "vocabulary:\n  scopes: [{id: x, part_of: [all, x]}]\n",
            ["2:29: circular part_of: x -> x (a part lies in its whole, not the other way round)"],
        ),
        (
            "vocabulary:\n  partitions: [{whole: all, parts: [nev, nev]}]\n",
            ["2:36: a partition names a scope twice"],
        ),
        (
            "vocabulary:\n  partitions: [{whole: all, parts: nev}]\n",
            ["2:36: a partition has two parts or more"],
        ),
        (
            "vocabulary:\n  destinations: [{id: x, members: [HU, XX]}]\n",
            ["2:40: no destination named 'XX' (did you mean 'x'?)"],
        ),
        (
            "vocabulary:\n  units: [{id: a b, kind: count}]\n",
            ["2:16: 'a b' is no unit: write it as in vehicles/year"],
        ),
        (
            "vocabulary:\n  units: [{id: lorries, kind: count, words: [cars]}]\n",
            ["2:11: the word 'cars' already means the unit 'vehicles'"],
        ),
        (
            "vocabulary:\n  publishers: [{id: x, precision: fine}]\n",
            ["2:35: 'fine' is not a precision (write exact, or a whole number such as 1000)"],
        ),
        (
            "vocabulary:\n  scopes: [{id: nev, name: Other}]\n",
            [
                "2:17: the scope 'nev' is defined otherwise in base.yaml:13:7 "
                "(a pack may add words, never redefine them)"
            ],
        ),
        ("vocabulary:\n  scopes: [{id: nev, name: New-energy vehicles, part_of: [all]}]\n", []),
        (
            "vocabulary:\n  scopes: [{id: x}, {id: x}]\n",
            ["2:26: the scope 'x' is defined twice (first in x.yaml:2:12)"],
        ),
        (
            "vocabulary:\n  scopes: [{id: a b}, {name: X}]\n",
            [
                "2:17: 'a b' cannot be an id (use A-Z, a-z, 0-9, dots and hyphens)",
                "2:23: the scope lacks 'id'",
            ],
        ),
        ("sources:\n", ["1:9: 'sources' is empty (write sources: [] or leave it out)"]),
        ("sources: {id: x}\n", ["1:10: 'sources' is a list (start each item with a dash)"]),
        ("sorces: []\n", ["1:1: unknown key 'sorces' in a fact file (did you mean 'sources'?)"]),
        (
            "sources:\n  - {id: blog, title: T, outlet: O}\n",
            ["2:10: the source id 'blog' is used twice (first in base.yaml:27:5)"],
        ),
        (
            "sources:\n  - {id: x}\n",
            ["2:5: the source 'x' lacks 'outlet'", "2:5: the source 'x' lacks 'title'"],
        ),
        (
            "sources:\n  - {id: x, tittle: T, outlet: O}\n",
            ["2:13: unknown key 'tittle' in a source (did you mean 'title'?)"],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, origin: y}\n"
            "  - {id: y, title: T, outlet: O, origin: x}\n",
            [
                "2:42: circular origin: x -> y -> x "
                "(name the source that said it first and give that one no origin)"
            ],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, published: 2025-Q1}\n",
            ["2:45: '2025-Q1' is not a date (write 2025-06-11, 2025-06 or 2025)"],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, published: 2025-13}\n",
            ["2:45: '2025-13': there is no month 13"],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, read: nope}\n",
            ["2:40: 'read' is 'nope' (write yes or no)"],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, sha256: abc}\n",
            ["2:42: 'abc' is not a SHA-256 sum (64 hexadecimal digits in lower case)"],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, publisher: camm}\n",
            ["2:45: no publisher named 'camm' (did you mean 'caam'?)"],
        ),
        (
            "sources:\n  - {id: x, title: T, outlet: O, problems: [{at: p1}]}\n",
            ["2:45: the problem lacks 'problem'"],
        ),
        (SERIES % "publisher: camm", ["2:82: no publisher named 'camm' (did you mean 'caam'?)"]),
        (SERIES % "publisher: CN", []),
        (SERIES % "note: x", ["2:5: the series 'a.b' lacks 'publisher'"]),
        (
            SERIES % "publisher: caam, scope: nve, destination: europ, method: maker-reportd",
            [
                "2:95: no scope named 'nve' (did you mean 'nev'?)",
                "2:113: no destination named 'europ' (did you mean 'europe'?)",
                "2:128: no method named 'maker-reportd' (did you mean 'maker-reported'?)",
            ],
        ),
        (
            SERIES % "publisher: caam, part: cn.exports.nev",
            ["2:94: 'part' is for shares, but 'exports' is a flow (leave it out)"],
        ),
        (
            "series:\n  - {id: s.s, title: T, subject: CN, metric: export-share, unit: vehicles,\n"
            "     publisher: caam, part: cn.exports.nv}\n",
            [
                "2:5: the series 's.s' lacks 'whole'",
                "2:66: 'export-share' is a share, but 'vehicles' is a count (write unit: percent)",
                "3:29: no series named 'cn.exports.nv' (did you mean 'cn.exports.nev' or "
                "'cn.exports.all'?)",
            ],
        ),
        (
            "series:\n  - {id: A_b, title: T}\n",
            ["2:10: 'A_b' cannot be an id (use a-z, 0-9, dots and hyphens)"],
        ),
        (
            "series:\n  - {id: cn.exports.nve, facts: []}\n",
            [
                "2:10: no series named 'cn.exports.nve' "
                "(did you mean 'cn.exports.nev' or 'cn.exports.all'?)"
            ],
        ),
        (
            "series:\n  - {id: zzz, facts: []}\n",
            [
                "2:10: no series named 'zzz' "
                "(to define it add title, subject, metric, unit and publisher)"
            ],
        ),
        (
            "series:\n  - {id: cn.exports.nev}\n",
            [
                "2:5: the series 'cn.exports.nev' says nothing "
                "(add facts, or title, subject, metric)"
            ],
        ),
        (
            "series:\n  - {id: cn.exports.nev, titel: T, facts: []}\n",
            [
                "2:10: the series 'cn.exports.nev' is defined otherwise in base.yaml:29:5 "
                "(a pack may add words, never redefine them)",
                "2:26: unknown key 'titel' in a series (did you mean 'title'?)",
            ],
        ),
        (
            "series:\n  - {id: a.b, title: T, subject: CN, metric: exprots, unit: vehicls,\n"
            "     publisher: caam, facts: [{period: 2025, stated: 1 mil, source: blog}]}\n",
            [
                "2:46: no metric named 'exprots' (did you mean 'exports'?)",
                "2:61: no unit named 'vehicls' (did you mean 'vehicles'?)",
            ],
        ),
    ],
)
def test_definitions_that_do_not_hold(problems: Problems, text: str, expected: list[str]) -> None:
    assert problems(text) == [f"x.yaml:{each}" for each in expected]


RESTATED = BASE.replace(
    "  publishers: [{id: caam,",
    "  restatements: [{publisher: caam, metric: exports, within: 0.2%}]\n  publishers: [{id: caam,",
)


@pytest.mark.parametrize(
    "copied",
    [
        RESTATED,
        f"# a copy\n{RESTATED}",
        RESTATED.replace("scopes:\n", "scopes:\n    - {id: mine, name: My own}\n"),
    ],
    ids=["the same bytes", "a comment more", "a word more"],
)
def test_a_copy_of_definitions_defines_nothing_twice(copied: str, tmp_path: Path) -> None:
    """Such as one's own pack beside the built-in words: --no-builtin --facts COPY."""
    for name, text in (("builtin", RESTATED), ("copy", copied)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "words.yaml").write_text(text, "utf-8")
    words = Pack(tmp_path / "builtin", builtin=True, definitions_only=True)
    record = load([words, Pack(tmp_path / "copy")])
    assert len(record.vocabulary.restatements) == 1
    assert record.vocabulary.restatements[0].within == "0.2%"
    assert record.vocabulary.partitions == (Partition("all", ("nev", "ice")),)
    assert list(record.series) == ["cn.exports.nev", "cn.exports.all", "byd.stores"]
    other = copied.replace("within: 0.2%", "within: 0.3%")
    (tmp_path / "copy" / "words.yaml").write_text(other, "utf-8")
    (own,) = load([words, Pack(tmp_path / "copy")]).vocabulary.restatements
    assert own.within == "0.3%"  # what is lent gives way
