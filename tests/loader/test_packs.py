"""Packs add up: words are added, never redefined, and nothing is loaded twice."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from evcli.errors import InvalidFacts
from evcli.loader.inventory import review
from evcli.loader.packs import load
from evcli.model import Pack

from .packs import BASE, Loaded, Write, facts

LINE = "{period: 2025, stated: '1,000', source: blog}"


def test_a_second_pack_adds_facts(write: Write, tmp_path_factory: pytest.TempPathFactory) -> None:
    own = tmp_path_factory.mktemp("own")
    (own / "x.yaml").write_text(facts(LINE))
    record = load([Pack(write(base=BASE), builtin=True), Pack(own)])
    assert [fact.id for fact in record.facts] == ["cn.exports.nev@2025#blog"]


def test_without_the_builtin_facts_only_definitions_stay(write: Write) -> None:
    directory = write(base=BASE, x=facts(LINE) + "events: [{nonsense}]\n")
    builtin = Pack(directory, builtin=True, definitions_only=True)
    record = load([builtin._replace(lends_all=True)])
    assert set(record.series) == {"cn.exports.nev", "cn.exports.all", "byd.stores"}
    assert "byd" in record.vocabulary.subjects
    nothing = load([builtin])
    assert (nothing.series, nothing.vocabulary.subjects, nothing.vocabulary.scopes) == ({}, {}, {})
    assert (record.sources, record.facts, record.plants, record.events) == ({}, (), (), ())


def test_a_file_is_loaded_once_however_it_is_reached(write: Write) -> None:
    directory = write(base=BASE, x=facts(LINE))
    again = Pack(directory / "x.yaml")
    assert len(load([Pack(directory, builtin=True), again, again]).facts) == 1


def test_a_file_known_by_its_definitions_gives_its_facts_later(write: Write) -> None:
    directory = write(base=BASE, x=facts(LINE))
    record = load([Pack(directory, builtin=True, definitions_only=True), Pack(directory)])
    assert len(record.facts) == 1
    record = load([Pack(directory), Pack(directory, definitions_only=True)])
    assert len(record.facts) == 1


def test_all_problems_of_all_packs_come_at_once(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = tmp_path_factory.mktemp("own")
    (own / "x.yaml").write_text("nope: 1\n")
    directory = write(base=BASE, y="[", z=facts("{period: 1, stated: '1', source: blog}"))
    with pytest.raises(InvalidFacts) as caught:
        load([Pack(directory), Pack(own)])
    assert [Path(each.file).name for each in caught.value.problems] == [
        "x.yaml",
        "y.yaml",
        "z.yaml",
    ]


def test_loading_leaves_the_garbage_collector_as_it_was(write: Write) -> None:
    assert gc.isenabled()
    with pytest.raises(InvalidFacts):
        load([Pack(write(base="["))])
    assert gc.isenabled()


def test_a_review_finds_what_breaks_no_rule(loaded: Loaded) -> None:
    record = loaded(
        facts(
            "{period: 2026, stated: '1,000', source: caam-2025-06, at: p1}",
            "{period: 2024, stated: '1,000', source: caam-2025-06, at: p1}",
            "{period: 2024, stated: '1,000', source: caam-2025-06, at: p2}",
            "{period: 2024, stated: '1,000', source: blog}",
        )
        + "sources: [{id: idle, title: T, outlet: O}]\n"
        "vocabulary:\n  scopes: [{id: odd}]\n  partitions: [{whole: all, parts: [nev, odd]}]\n"
        "  subjects: [{id: byd2, kind: maker, aliases: [byd]}]\n"
    )
    assert [str(each) for each in review(record)] == [
        ": 'byd' means the subjects byd, byd2 (a look-up by it must name one of them)",
        ": nothing rests on the source 'idle' (remove it or use it)",
        ": the scope 'odd' is a part of 'all' only by partition (add part_of: [all] to it)",
        "x.yaml:4:9: the source is of 2025-06-11, before 2026 began "
        "(write status: forecast, or check the dates)",
        "x.yaml:6:9: the source says the same in 'cn.exports.nev@2024#caam-2025-06' "
        "(write it once, with both places in at: [p1, p3])",
        "x.yaml:7:9: the fact rests on 'blog', which is marked read: no "
        "(cite the source that was read and name this one as origin)",
    ]


def test_a_review_finds_a_fall_by_more_than_all(loaded: Loaded) -> None:
    record = loaded(
        facts(
            "{period: 2024, stated: '1,000', yoy: '-120%', source: caam-2025-06, at: p1}",
            "{period: 2023, stated: '1,000', yoy: '-100%', source: caam-2025-06, at: p1}",
        )
    )
    (found,) = (each for each in review(record) if "more than all" in each.message)
    assert (found.file, found.line) == ("x.yaml", 4)
