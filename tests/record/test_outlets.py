"""The outlets of the built-in record: each has a kind and a reason, and each is one of a source."""

from __future__ import annotations

from collections import Counter

import pytest

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import SOURCE_KINDS, Record
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def record() -> Record:
    return load([Pack(ROOT / "facts"), Pack(ROOT / "seeds")])


def test_every_source_has_a_kind(record: Record) -> None:
    without = sorted({each.outlet for each in record.sources.values() if not each.kind})
    assert without == [], "add them to facts/outlets, in unknown.yaml when in doubt"


def test_every_outlet_is_one_of_a_source(record: Record) -> None:
    used = {each.outlet for each in record.sources.values()}
    assert sorted(record.outlets.keys() - used) == []


def test_every_outlet_stands_in_the_file_of_its_kind() -> None:
    for path in (ROOT / "facts" / "outlets").iterdir():
        found = load([Pack(path)]).outlets.values()
        assert {each.kind for each in found} == {path.stem}
        names = [each.name.casefold() for each in found]
        assert names == sorted(names)


def test_who_counts_is_never_weak(record: Record) -> None:
    own = [each for each in record.sources.values() if each.publisher]
    assert {each.kind for each in own} == {"publisher"}


def test_facts_have_the_kind_of_the_page_that_was_read(record: Record) -> None:
    for fact in record.facts:
        assert fact.kind == record.sources[fact.source].kind
    kinds = Counter(fact.kind for fact in record.facts)
    assert set(kinds) == set(SOURCE_KINDS)
