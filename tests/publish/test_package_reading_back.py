"""A package read back: the same facts, series and sources, in every field."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.records import Fact
from evcli.model.vocabulary import Unit, UnitKind
from evcli.publish.contents import precision_of
from evcli.publish.package import write_package
from evcli.store import open_store, pack_choice
from evcli.store.reader import Store
from evcli.text.stated import parse_stated
from tests.conftest import Process
from tests.publish.conftest import everything
from tests.seeds import SEED_PACKS

Run = Callable[..., Process]
VEHICLES = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles",))

PACK = """\
vocabulary:
  subjects:
    - {id: acme, name: Acme, kind: maker, aliases: [艾克米, "Acme \\"A\\", Ltd"],
       part_of: [acme-group]}
    - {id: acme-group, name: Acme Group, kind: group}
  metrics: [{id: rockets, name: Rockets, kind: flow, definition: "Sold: all of them"}]
  scopes: [{id: big, part_of: [all]}, {id: huge, part_of: [big]}, {id: mere, part_of: [big]}]
  partitions: [{whole: big, parts: [huge, mere]}]
  units: [{id: rocket, name: rockets, kind: count, words: [pieces]}]
  methods: [{id: by-hand, name: Counted by hand}]
  publishers: [{id: office, name: The Office, precision: 100}]
sources:
  - {id: page, title: "A page\\nof two lines", outlet: Paper, publisher: office, published: 2025-02,
     problems: [{at: [p1, "p 2"], problem: "Two numbers"}],
     left_out: [{at: p3, text: "7", reason: Age}]}
  - {id: copy, title: Copy, outlet: Other, origin: page}
  - {id: unread, title: Not read, outlet: Nobody, read: no}
series:
  - {id: acme.rockets.all.office, title: Rockets, subject: acme, metric: rockets, scope: all,
     destination: DE, unit: rocket, publisher: office, method: by-hand, precision: 1000, note: N}
  - {id: acme.rockets.big.acme, title: Big rockets, subject: acme, metric: rockets, scope: big,
     unit: rocket, publisher: acme}
  - id: acme.rockets.all.office
    facts:
      - {period: 2025-01/2025-05, stated: "3,000,000", source: page, at: ["p 1", "p;2"]}
      - {period: 2025-01/2025-05, stated: "about 3,000,000 pieces", printed: "~3m", source: page,
         yoy: "+64.6%", mom: "-3%", note: "a, b: \\"c\\""}
      - {period: 2025, stated: "3,000,000", precision: 10000, source: copy}
      - {period: 2025, stated: "2,000,000", source: copy, origin: unread, rank: deprecated,
         reason: Wrong}
      - {period: 2024, stated: "120", source: copy, origin: copy, status: forecast, reading: "as x"}
      - {period: undated, source: page, change: {stated: doubled, over: P3Y}}
"""
# those that the two series need
NEW_WORDS = {
    "subjects": ("acme", "acme-group"),
    "metrics": ("rockets",),
    "scopes": ("big", "huge", "mere"),
    "units": ("rocket",),
    "methods": ("by-hand",),
    "publishers": ("office", "acme"),
}


def plain(facts: list[Fact]) -> dict[str, Fact]:
    return {fact.id: fact._replace(place=None) for fact in facts}


def opened(pack: Path) -> Store:
    return open_store(pack_choice([pack], True, {}))


def every_fact(store: Store) -> list[Fact]:
    return store.facts(store.all_series_ids())


@pytest.mark.parametrize("named", [".", "facts.csv"])
def test_the_whole_record_comes_back(
    named: str, whole: Path, record: Store, evcli_run: Run, tmp_path: Path
) -> None:
    made = tmp_path / "new" / "pack" / "record.yaml"  # folders on the way are made
    done = evcli_run("facts", "import", str(whole / named), "-o", str(made), "--no-builtin")
    assert done.returncode == 0, done.stderr
    again = opened(made.parent)
    before, after = (
        plain(every_fact(record)),
        plain(every_fact(again)),
    )
    assert after == before
    assert len(before) > 2_000
    assert {each.id: each for each in again.sources()} == {
        each.id: each for each in record.sources()
    }
    ids = sorted({fact.series for fact in every_fact(record)})  # others nobody borrows
    assert again.series(ids) == record.series(ids)


def test_a_pack_with_words_of_its_own_comes_back(evcli_run: Run, tmp_path: Path) -> None:
    """Every key of a fact and a source, Chinese and line ends, where nothing is known before."""
    pack, made = tmp_path / "pack", tmp_path / "made" / "made.yaml"
    pack.mkdir()
    (pack / "acme.yaml").write_text(PACK, "utf-8")
    before = opened(pack)
    write_package(tmp_path / "package", everything(before), before.vocabulary)
    done = evcli_run("facts", "import", str(tmp_path / "package"), "-o", str(made), "--no-builtin")
    assert done.returncode == 0, done.stderr
    after = opened(made.parent)
    assert plain(every_fact(after)) == plain(every_fact(before))
    assert len(every_fact(after)) == 6
    assert {each.id: each for each in after.sources()} == {
        each.id: each for each in before.sources()
    }
    ids = ["acme.rockets.all.office", "acme.rockets.big.acme"]
    assert after.series(ids) == before.series(ids)
    assert len(after.series(ids)) == 2
    for words, names in NEW_WORDS.items():
        kept, came = getattr(before.vocabulary, words), getattr(after.vocabulary, words)
        assert [came[name] for name in names] == [kept[name] for name in names]
    assert after.vocabulary.partitions == before.vocabulary.partitions


def test_what_is_known_is_not_taken_twice(whole: Path, evcli_run: Run) -> None:
    done = evcli_run("facts", "import", str(whole))
    assert done.returncode == 0
    assert b"evcli: note: 0 of " in done.stderr
    assert b" known already" in done.stderr
    assert b"--no-builtin reads them all the same" in done.stderr
    assert b"series:" not in done.stdout


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the five documents alone, which is quickly copied and read."""
    folder = tmp_path_factory.mktemp("packages") / "five"
    with open_store(pack_choice(SEED_PACKS, True, {})) as store:
        write_package(folder, everything(store), store.vocabulary)
    return folder


def changed(package: Path, folder: Path, name: str, id_: str, **cells: str) -> Path:
    """A copy of the package in which one row of one file is another."""
    folder.mkdir()
    for each in package.glob("*"):
        (folder / each.name).write_bytes(each.read_bytes())
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | cells if row["id"] == id_ else row for row in rows)
    return folder


@pytest.mark.parametrize(
    ("name", "id_", "cells", "said"),
    [
        (
            "facts",
            "cn.exports.nev.caam@2025-05#seed-001",
            {"value": "213000"},
            "'212,000' does not mean value 213000",
        ),
        (
            "facts",
            "cn.exports.nev.caam@2025-05#seed-001",
            {"note": "changed"},
            "is told otherwise here",
        ),
        (
            "facts",
            "cn.exports.nev.caam@2025-05#seed-001",
            {"source": "nobody"},
            "is told otherwise here",
        ),
        ("facts", "cn.exports.nev.caam@2025-05#seed-001", {"at": "p1"}, "Expecting value"),
        ("units", "vehicles", {"kind": "heap"}, "'heap' is not a valid UnitKind"),
        ("series", "cn.exports.nev.caam", {"method": "not-stated"}, "is defined otherwise here"),
        ("sources", "seed-001", {"title": "Another"}, "is described otherwise here"),
    ],
)
def test_what_was_changed_is_told(
    name: str,
    id_: str,
    cells: dict[str, str],
    said: str,
    five: Path,
    evcli_run: Run,
    tmp_path: Path,
) -> None:
    folder = changed(five, tmp_path / "changed", name, id_, **cells)
    done = evcli_run("facts", "import", str(folder))
    assert done.returncode == 1
    assert said in done.stderr.decode()


def test_a_package_that_lacks_a_file_or_column(five: Path, evcli_run: Run, tmp_path: Path) -> None:
    folder = changed(five, tmp_path / "changed", "facts", "none")
    (folder / "left_out.csv").unlink()
    done = evcli_run("facts", "import", str(folder))
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"left_out.csv" in done.stderr
    (folder / "left_out.csv").write_text("source,at\n", "utf-8")
    done = evcli_run("facts", "import", str(folder))
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"lacks the column 'text'" in done.stderr


@pytest.mark.parametrize(
    ("name", "id_", "cells", "said"),
    [
        ("sources", "seed-001", {"published": "2025-13"}, "there is no month 13"),
        ("units", "vehicles", {"words": "[1]"}, "'[1]' is no JSON array of texts"),
    ],
)
def test_a_damaged_package_is_one_line(
    name: str,
    id_: str,
    cells: dict[str, str],
    said: str,
    five: Path,
    evcli_run: Run,
    tmp_path: Path,
) -> None:
    folder = changed(five, tmp_path / "changed", name, id_, **cells)
    done = evcli_run("facts", "import", str(folder))
    told = done.stderr.decode()
    assert (done.returncode, told.count("\n")) == (2, 1)
    assert said in told


def test_a_series_that_has_no_facts_and_cannot_be(
    five: Path, evcli_run: Run, tmp_path: Path
) -> None:
    """Nothing is left to leave out with it, which was tried for ever once."""
    folder = changed(five, tmp_path / "changed", "facts", "none")
    row = "Acme exports,Exports,CN,exports,all,world,vehicles,caam,maker-reported,,,\n"
    with (folder / "series.csv").open("a", encoding="utf-8") as file:
        file.write(row)
    done = evcli_run("facts", "import", str(folder))
    assert done.returncode == 1
    assert b"Acme exports" in done.stderr


def test_a_folder_that_is_no_package(evcli_run: Run, tmp_path: Path) -> None:
    done = evcli_run("facts", "import", str(tmp_path))
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"a folder is a package that evcli wrote, or has a datapackage.json" in done.stderr


@given(
    stated=st.builds(
        "{}{}".format,
        st.sampled_from(["", "about ", "over ", "nearly ", "up to "]),
        st.one_of(
            st.integers(1, 99_999_999).map("{:,}".format),
            st.integers(1, 999).map(lambda number: f"{number * 10**5:,}"),
            st.builds("{}.{} million".format, st.integers(1, 99), st.integers(0, 999)),
        ),
    ),
    precision=st.one_of(st.none(), st.sampled_from([10**power for power in range(8)])),
)
def test_a_precision_reads_the_same_bounds_back(stated: str, precision: int | None) -> None:
    fine = None if precision is None else Fraction(precision)
    meant = parse_stated(stated, VEHICLES, precision=fine)
    told = precision_of(stated, meant, VEHICLES, {})
    assert parse_stated(stated, VEHICLES, precision=told) == meant
    if told is None:  # then it does not matter what a series or publisher says
        for other in (1, 1000, 10**9):
            assert parse_stated(stated, VEHICLES, precision=Fraction(other)) == meant
