"""Parts of packs: what waits, what streams, and a mapping whose table is read in its turn."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from evcli.loader.entry import Context
from evcli.loader.files import Report
from evcli.loader.packs import Loading, load
from evcli.loader.yaml_nodes import (
    Folded,
    Mapping,
    Sequence,
    brought_back,
    content,
    parse,
    put_away,
)
from evcli.model import Pack
from evcli.model.period import parse_period
from evcli.model.records import Fact

from .packs import BASE, Write, facts


def root_of(text: str) -> Mapping:
    root = parse(text, "x.yaml", Report())
    assert root is not None
    return root


def test_facts_are_put_away_and_come_back_with_their_places() -> None:
    text = facts('{period: 2025-05, stated: "\\u6bd4", source: blog, at: [p1, p2]}')
    plain, folded = root_of(text), root_of(text)
    said = put_away(folded)
    assert put_away(folded) == said  # also a second time
    before, after = (
        root.entries["series"].items[0].entries["facts"]  # type: ignore[union-attr]
        for root in (plain, folded)
    )
    assert type(after) is Folded
    assert isinstance(before, Sequence)
    assert json.dumps(after.items) == json.dumps(before.items)
    assert content(brought_back(said)) == {"series": [{"id": "cn.exports.nev", "facts": []}]}


def test_facts_stream_part_by_part(write: Write) -> None:
    """The file of the facts comes before that of the words they build on."""
    line = '{period: 2025-05, stated: "1,000", source: blog}'
    loading = Loading([Pack(write(a=facts(line), b=BASE, c=facts(line, line)))])
    ids = [[fact.id for fact in loading.facts(part)] for part in loading.parts]
    stem = "cn.exports.nev@2025-05#blog"
    assert ids == [[stem], [], [f"{stem}.2", f"{stem}.3"]]
    assert loading.rest().facts == ()


class Table(NamedTuple):
    """What stands for a table with its mapping: a fact for each line."""

    files: tuple[Path, ...]
    definitions: Mapping

    def facts(self, context: Context) -> Iterator[Fact]:
        assert "caam-2025-06" in context.sources
        for line in self.files[1].read_text().split():
            period = parse_period(line)
            id = f"mapped@{period}#blog"
            yield Fact(id, "mapped", period, "blog", "caam-2025-06", (), line)


DEFINED = """\
series: [{id: mapped, title: M, subject: CN, metric: exports, unit: vehicles, publisher: caam}]
"""


@pytest.fixture
def mapped(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack with a mapping and its table."""
    double: Any = ModuleType("evcli.loader.tables")

    def table(path: Path, root: Mapping, report: Report) -> Table | None:
        assert content(root) == {"table": "t.csv"}
        if not (file := path.parent / "t.csv").exists():
            report.add("t.map.yaml", 1, 8, "no table")
            return None
        return Table((path, file), root_of(DEFINED))

    double.mapped = table
    monkeypatch.setitem(sys.modules, "evcli.loader.tables", double)
    folder = write(base=BASE)
    (folder / "t.map.yaml").write_text("table: t.csv")
    (folder / "t.csv").write_text("2025-01 2025-02 2025-01")
    return folder


def test_a_mapped_table_is_a_part(mapped: Path) -> None:
    record = load([Pack(mapped)])
    assert record.series["mapped"].title == "M"
    assert [fact.id for fact in record.facts] == [
        "mapped@2025-01#blog",
        "mapped@2025-02#blog",
        "mapped@2025-01#blog.2",
    ]
    files = Loading([Pack(mapped)]).files
    assert sorted((Path(a.decode()).name, Path(b.decode()).name) for a, b in files) == [
        ("base.yaml", "base.yaml"),
        ("t.csv", "t.map.yaml"),
        ("t.map.yaml", "t.map.yaml"),
    ]


def test_the_same_mapping_in_two_folders_is_of_two_tables(mapped: Path) -> None:
    (mapped / "b").mkdir()
    for name in ("t.map.yaml", "t.csv"):
        (mapped / "b" / name).write_text((mapped / name).read_text())
    assert len(load([Pack(mapped)]).facts) == 6


def test_the_store_is_as_fresh_as_the_table(
    mapped: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evcli.store import PackChoice, open_store

    nothing = tmp_path_factory.mktemp("facts")
    places = (nothing, nothing / "seeds")
    monkeypatch.setattr("evcli.store.cache.builtin_directories", lambda package: places)
    cache = {"EVCLI_CACHE": str(tmp_path_factory.mktemp("cache"))}

    def periods() -> list[str]:
        with open_store(PackChoice((mapped,), False), environ=cache) as store:
            return [str(fact.period) for fact in store.facts(["mapped"])]

    assert periods() == periods() == ["2025-01", "2025-02", "2025-01"]
    (mapped / "t.csv").write_text("2025-01 2025-03")
    assert periods() == ["2025-01", "2025-03"]
