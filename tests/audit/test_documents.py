"""One document, whole: every thing that the fact files take from it, and what becomes of each."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Process

Run = Callable[..., Process]
ROOT = Path(__file__).parents[2]
SEEDS = ("seed-000", "seed-001", "seed-002", "seed-003", "seed-004")

PACK = """\
outlets:
  - {name: Agency, kind: agency, reason: it is one}
  - {name: Farm, kind: aggregator, reason: copies}
  - {name: Nobody, kind: unknown, reason: nobody knows}
sources:
  - {id: release, title: The release, outlet: CAAM, publisher: caam, read: no}
  - {id: wire, title: Exports rise in May, outlet: Agency, published: 2025-06-11,
     url: "https://www.agency.example/may", origin: release}
  - {id: farm, title: Exports jump in May, outlet: Farm, published: 2025-06-12,
     url: "https://farm.example/may/",
     problems: [{at: p2, problem: The year is not printed.}],
     left_out: [{at: p10, text: "2.0", reason: Part of a name.}]}
  - {id: farm-june, title: Exports jump in June, outlet: Farm, published: 2025-07-12}
  - {id: nobody, title: A page, outlet: Nobody, published: 2025-06-13}
series:
  - id: cn.exports.nev.caam
    facts:
      - {period: 2010-05, stated: "212,000", source: wire, at: p1, origin: release}
      - {period: 2010-05, stated: "212,000", source: farm, at: p10, origin: release}
      - {period: 2010-06, stated: "205,000", source: farm, at: p2}
      - {period: 2010-06, stated: "209,000", source: wire, at: p2}
      - {period: 2010-07, stated: "225,000", source: farm, at: [p3, p9]}
      - {period: 2010-07, stated: "225,000", source: nobody, at: p1}
      - {period: 2010-08, stated: "1,000", source: farm, at: p3, rank: deprecated,
         reason: a misprint}
      - {period: 2010-09, stated: "230,000", source: farm, at: p4}
      - {period: 2011, stated: "2.9 million", source: farm, at: p4, status: forecast}
events:
  - {id: my.event, date: 2010-05, kind: policy, subject: CN, title: A paper comes out,
     source: farm, at: p1}
measures:
  - {id: my.duty, jurisdiction: CA, instrument: surtax, stage: adopted, target: EV from CN,
     rate: "100%", from: 2010-10-01, until: 2011-10-01, source: wire, at: p5, confirmed_by: [farm]}
plants:
  - id: my.works
    maker: [byd]
    country: TH
    city: Rayong
    name: my works
    facts:
      - {status: announced, as_of: 2010-02, source: farm, at: p7}
      - {status: operating, as_of: 2010-09, source: wire, at: p7}
claims:
  - {id: my.claim, says: "cn.exports.nev.caam@2010-07 > cn.exports.nev.caam@2010-05",
     source: farm, at: p8}
"""


@pytest.fixture
def pack(tmp_path: Path) -> str:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "may.yaml").write_text(PACK, "utf-8")
    return str(folder)


def entries_in_files(source: str) -> Counter[str]:
    """What the YAML files take from a document, counted without any code of evcli."""
    found: Counter[str] = Counter()
    paths = [*(ROOT / "facts").rglob("*.yaml"), *(ROOT / "seeds").glob("*.yaml")]
    for path in paths:
        read: Any = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
        for series in read.get("series", ()):
            found["figure"] += sum(f["source"] == source for f in series.get("facts", ()))
        for plant in read.get("plants", ()):
            found["plant"] += sum(f["source"] == source for f in plant.get("facts", ()))
        for section, kind in (("events", "event"), ("claims", "claim")):
            found[kind] += sum(each["source"] == source for each in read.get(section, ()))
        for measure in read.get("measures", ()):
            named = measure.get("confirmed_by", [])
            named = [named] if isinstance(named, str) else named
            found["measure"] += source in (measure["source"], *named)
        for each in read.get("sources", ()):
            if each["id"] == source:
                found["problem"] += len(each.get("problems", ()))
                found["left out"] += len(each.get("left_out", ()))
    return +found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_page_of_a_seed_is_complete(seed: str, evcli_run: Run) -> None:
    rows = json.loads(evcli_run("sources", seed, "--json").stdout.decode())
    told = Counter(row["kind"] for row in rows)
    assert told == entries_in_files(seed)
    assert told["figure"] >= 3
    assert told["problem"] >= 3
    assert {row["source"] for row in rows} == {seed}
    assert all(row["verdict"] or row["kind"] == "event" for row in rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_its_rows_stand_in_the_order_of_its_paragraphs(seed: str, evcli_run: Run) -> None:
    rows = json.loads(evcli_run("sources", seed, "--json").stdout.decode())
    first = [int(row["at"][0].removeprefix("p")) for row in rows]
    assert first == sorted(first)


def page(evcli_run: Run, pack: str, *more: str) -> Iterator[tuple[Any, ...]]:
    answer = evcli_run("sources", "farm", "--facts", pack, "--json", *more)
    for row in json.loads(answer.stdout.decode()):
        yield row["kind"], " ".join(row["at"]), row["standing"], row["others"], row["verdict"]


def test_each_thing_says_what_becomes_of_it(evcli_run: Run, pack: str) -> None:
    told = [*page(evcli_run, pack)]
    (claim,) = (at for at, row in enumerate(told) if row[0] == "claim")
    assert "proved: New-energy vehicles exported from China" in told[claim][-1]
    told[claim] = told[claim][:3]
    assert told == [
        ("event", "p1", "stands", [], ""),
        ("figure", "p2", "disputed", ["wire"], "disputed: 209,000 vehicles, ±500 (wire)"),
        ("problem", "p2", "problem", [], "problem: The year is not printed."),
        ("figure", "p3 p9", "agrees", ["nobody"], "agrees with nobody"),
        ("figure", "p3", "deprecated", [], "deprecated: a misprint"),
        ("figure", "p4", "alone", [], "no other page"),
        ("figure", "p4", "plan", [], "a plan or target"),
        ("plant", "p7", "older", ["wire"], "shown instead: operating (wire)"),
        ("claim", "p8", "proved"),
        ("figure", "p10", "alone", ["wire"], "the same release in wire"),
        ("left out", "p10", "left out", [], "left out: Part of a name."),
        ("measure", "", "ended", ["wire"], "ended; also wire"),
    ]


def test_machine_formats_have_what_is_meant(evcli_run: Run, pack: str) -> None:
    answer = evcli_run("sources", "farm", "--facts", pack, "--csv")
    rows = [
        row
        for row in csv.DictReader(io.StringIO(answer.stdout.decode()))
        if row["kind"] == "figure"
    ]
    said = {row["period"]: row for row in rows}
    july = said["2010-07"]
    assert (july["stated"], july["value"], july["unit"]) == ('"225,000"', "225000", "vehicles")
    assert (july["value_low"], july["value_high"]) == ("224500", "225500")
    assert july["id"] == "cn.exports.nev.caam@2010-07#farm"
    assert said["2010-08"]["rank"] == "deprecated"


def test_what_was_not_out_yet_is_not_told(evcli_run: Run, pack: str) -> None:
    assert [*page(evcli_run, pack, "--as-of", "2025-06-11")] == []
    standing = {row[1]: row[2] for row in page(evcli_run, pack, "--as-of", "2025-06-12")}
    assert standing["p3 p9"] == "alone"  # the page of nobody is of the day after


@pytest.mark.parametrize(
    "words",
    [
        ("farm",),
        ("Exports jump in May",),
        ("exports", "JUMP", "in", "may"),
        ("https://farm.example/may/",),
        ("http://www.farm.example/may",),
        ("farm.example",),
    ],
)
def test_a_document_goes_by_its_id_title_or_address(
    words: tuple[str, ...], evcli_run: Run, pack: str
) -> None:
    answer = evcli_run("sources", *words, "--facts", pack)
    assert answer.stdout.decode().startswith(
        "farm: Exports jump in May (Farm, 2025-06-12) · aggregator\n"
    )
    assert "6 figures" in answer.stdout.decode()
    assert "https://farm.example/may/" in answer.stdout.decode()


def test_what_several_are_called_lists_them(evcli_run: Run, pack: str) -> None:
    answer = evcli_run("sources", "exports jump", "--facts", pack, "--json")
    listed = [(row["id"], row["kind"], row["facts"]) for row in json.loads(answer.stdout.decode())]
    assert ("farm", "aggregator", 10) in listed
    assert ("farm-june", "aggregator", 0) in listed


def test_an_unknown_name_is_an_error(evcli_run: Run) -> None:
    answer = evcli_run("sources", "seed-0003")
    assert answer.returncode == 3
    assert "no source named 'seed-0003'" in answer.stderr.decode()


def test_a_release_that_nobody_read_names_those_who_repeat_it(evcli_run: Run, pack: str) -> None:
    answer = evcli_run("sources", "release", "--facts", pack)
    assert "release: The release (CAAM) · publisher" in answer.stdout.decode()
    assert "not read itself · repeated by wire, farm" in answer.stdout.decode()


def test_several_are_told_one_after_the_other(evcli_run: Run, pack: str) -> None:
    answer = evcli_run("sources", "wire", "nobody", "--facts", pack, "--json")
    assert [row["source"] for row in json.loads(answer.stdout.decode())] == [
        *["wire"] * 4,
        "nobody",
    ]


def test_problems_and_numbers_left_out_are_rows_of_the_same_page(evcli_run: Run, pack: str) -> None:
    for option, kind in (("--problems", "problem"), ("--left-out", "left out")):
        answer = evcli_run("sources", "farm", option, "--facts", pack, "--json")
        assert [row["kind"] for row in json.loads(answer.stdout.decode())] == [kind]


def test_a_page_stands_in_a_report(evcli_run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.yaml"
    page.write_text(
        "title: A document\nsections:\n  - heading: Seed 003\n    command: sources seed-003\n",
        "utf-8",
    )
    made = tmp_path / "page.md"
    answer = evcli_run("report", str(page), "-o", str(made))
    assert answer.returncode == 0, answer.stderr.decode()
    assert "3.43 million" in made.read_text("utf-8")


# --- what rests on one weak page ------------------------------------------------------------------


def test_what_one_weak_page_tells_alone_is_listed(evcli_run: Run, pack: str) -> None:
    only = ("--no-builtin", "--facts", pack, "--json", "--fields", "id,sources,sourcing")
    answer = evcli_run("check", "--weak", *only)
    assert answer.returncode == 0
    # what a screen shows, then the newest; in July two say so, in May one of them is an agency
    assert json.loads(answer.stdout.decode()) == [
        {"id": "cn.exports.nev.caam@2010-09", "sources": ["farm"], "sourcing": "weak"},
        {"id": "cn.exports.nev.caam@2011", "sources": ["farm"], "sourcing": "weak"},
        {"id": "cn.exports.nev.caam@2010-06#farm", "sources": ["farm"], "sourcing": "weak"},
    ]


def test_those_that_topics_show_come_first(evcli_run: Run) -> None:
    weak = [row["id"] for row in json.loads(evcli_run("check", "--weak", "--json").stdout)]
    shown = json.loads(evcli_run("exports", "--json").stdout)
    assert weak[0] in {row["id"] for row in shown if row["sourcing"] == "weak"}
    assert len(weak) > 100


def test_marks_are_explained_and_only_where_kinds_are_given(
    evcli_run: Run, pack: str, tmp_path: Path
) -> None:
    ask = ("get", "cn.exports.nev.caam", "--period", "2010-09", "--no-builtin", "--facts")
    table = evcli_run(*ask, pack).stdout.decode()
    assert "230,000 w" in table
    assert "w weak sources alone" in table
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "may.yaml").write_text(PACK[PACK.index("sources:") :], "utf-8")
    table = evcli_run(*ask, str(plain)).stdout.decode()
    assert "230,000" in table
    assert "weak" not in table
