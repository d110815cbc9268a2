"""What kind of page a source is: its own word, else the counter's page, else that of its outlet."""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.errors import InvalidFacts
from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import Outlet, Record

OUTLETS = """\
outlets:
  - {name: Farm, kind: aggregator, reason: copies}
  - {name: Wire, kind: agency, reason: it is one}
"""
SOURCES = """\
vocabulary: {publishers: [{id: caam, name: CAAM}]}
sources:
  - {id: farm, title: A, outlet: Farm}
  - {id: override, title: B, outlet: Farm, kind: trade-press}
  - {id: own, title: C, outlet: Farm, publisher: caam}
  - {id: unlisted, title: D, outlet: Paper}
"""


def read(tmp_path: Path, *texts: str) -> Record:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yaml").write_text(text, "utf-8")
    return load([Pack(tmp_path)])


def kinds(record: Record) -> dict[str, str]:
    return {each.id: each.kind for each in record.sources.values()}


def test_the_source_says_it_else_its_publisher_else_its_outlet(tmp_path: Path) -> None:
    record = read(tmp_path, OUTLETS, SOURCES)
    assert record.outlets["Farm"] == Outlet("Farm", "aggregator", "copies")
    assert kinds(record) == {
        "farm": "aggregator",
        "override": "trade-press",
        "own": "publisher",
        "unlisted": "",
    }


def test_a_pack_that_gives_no_kinds_has_none(tmp_path: Path) -> None:
    record = read(tmp_path, SOURCES.replace(", kind: trade-press", ""))
    assert set(kinds(record).values()) == {""}


def test_outlets_are_definitions(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OUTLETS + SOURCES, "utf-8")
    record = load([Pack(tmp_path, definitions_only=True, lends_all=True)])
    assert set(record.outlets) == {"Farm", "Wire"}
    assert record.sources == {}


def test_two_files_may_say_the_same_of_an_outlet(tmp_path: Path) -> None:
    again = "outlets:\n  - {name: Farm, kind: aggregator, reason: copies}\n"
    assert set(read(tmp_path, OUTLETS, again).outlets) == {"Farm", "Wire"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{name: Farm, kind: press, reason: no}", "the outlet 'Farm' is defined otherwise in"),
        ("{name: Paper, kind: tabloid, reason: no}", "unknown kind 'tabloid'"),
        ("{name: Paper, kind: press}", "lacks 'reason'"),
        ("{kind: press, reason: no}", "lacks 'name'"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidFacts) as caught:
        read(tmp_path, OUTLETS, f"outlets:\n  - {text}\n")
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.file.rpartition("/")[2], problem.line) == ("1.yaml", 2)
