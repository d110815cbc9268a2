"""``evcli changes``: what moved since a day, a version or a record, in a small market built in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from evcli.store.history import HISTORY, HistoryLine
from tests.query.conftest import MakePack
from tests.query.packs import ALL, HU, MARKET, NEV

WORDS = """
vocabulary:
  subjects: [{id: CN, name: China, kind: country}]
  metrics:
    - {id: exports, name: Exports, kind: flow}
    - {id: overseas-sales, name: Overseas sales, kind: flow}
  scopes: [{id: all, name: All vehicles}, {id: nev, name: New-energy vehicles, short: new-energy,
    part_of: [all]}]
  units:
    - {id: vehicles, name: vehicles, kind: count}
    - {id: vehicles/year, name: vehicles a year, kind: rate}
  destinations: [{id: HU, name: Hungary}]
sources:
  - {id: paper, title: A works, outlet: Paper, published: 2025-03}
plants:
  - {id: alfa.gyor, maker: [alfa], country: HU, city: Győr,
     facts: [{capacity: "150,000", unit: vehicles/year, as_of: 2025, source: paper}]}
measures:
  - {id: hu.duty, jurisdiction: HU, instrument: import-duty, stage: adopted, target: Cars,
     rate: "17.5%", from: 2025-03-01, source: paper}
"""
FIRST, SECOND, THIRD = "1" * 12, "2" * 12, "3" * 12


def line(date: str, record: str, fact: str, what: str, **said: str) -> HistoryLine:
    empty = dict.fromkeys(HistoryLine._fields, "")
    return HistoryLine(
        **{**empty, "date": date, "record": record, "fact": fact, "what": what, **said}
    )


LINES = (
    line("2025-01-10", FIRST, "1.0", "released", stated_after="0" * 64),
    line("2025-02-03", SECOND, f"{ALL}@2024#year-book", "changed", title="All", period="2024",
         before="1.1 million (derived)", after="1.2 million", source="year-book",
         stated_after="1,200,000"),
    line("2025-02-03", SECOND, f"{NEV}@2024#year-book", "added", title="NEV", period="2024",
         after="300,000", source="year-book", stated_after="300,000"),
    line("2025-02-03", SECOND, "1.1", "released", stated_after="0" * 64),
    line("2025-08-11", THIRD, f"{ALL}@2022#leaflet", "set aside", title="All", period="2022",
         reason="a digit is missing", source="leaflet", stated_after="9,000, deprecated"),
    line("2025-08-11", THIRD, f"{HU}@2024#year-book", "confirmed", title="To HU", period="2024",
         before="24,000", after="24,000", source="year-book", stated_after="24,000"),
    line("2025-08-11", THIRD, f"{ALL}@2025-05#half-year", "added", title="All", period="2025-05",
         after="110,000", source="half-year", stated_after="110,000"),
    line("2025-08-11", THIRD, "alfa.gyor@2025.capacity#paper", "added", about="alfa HU",
         title="Alfa, Győr: capacity", period="2025", after="150,000", source="paper",
         stated_after="150,000"),
    line("2025-08-11", THIRD, "hu.duty", "corrected", title="Hungary: import duty, Cars",
         period="2025-03-01", before="7.5%", after="17.5%", reason="a digit was lost",
         source="paper", about="HU", stated_before="7.5%", stated_after="17.5%"),
    line("2025-08-11", THIRD, f"{NEV}@2019#gone", "removed", title="NEV", period="2019",
         before="1,000", reason="another country", source="gone", stated_before="1,000"),
)  # fmt: skip
Asked = Callable[..., list[str]]


@pytest.fixture(scope="module")
def built_in(make_pack: MakePack) -> Path:
    folder = make_pack(MARKET, "facts")
    (folder / "words.yaml").write_text(WORDS, "utf-8")
    with (folder / HISTORY).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows((HistoryLine._fields, *LINES))
    return folder


@pytest.fixture
def run(built_in: Path, evcli_run: Callable) -> Iterator[Callable]:
    places = (built_in, built_in.parent / "seeds")
    with mock.patch("evcli.store.cache.builtin_directories", return_value=places):
        yield evcli_run


@pytest.fixture
def changed(run: Callable) -> Asked:
    """The facts of the rows, in their order."""

    def ask(*arguments: str) -> list[str]:
        done = run("changes", *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [row["fact"] for row in json.loads(done.stdout)]

    return ask


ADDED, CHANGED = f"{NEV}@2024#year-book", f"{ALL}@2024#year-book"
CORRECTED, REMOVED, MAY = "hu.duty", f"{NEV}@2019#gone", f"{ALL}@2025-05#half-year"
CAPACITY, ASIDE = "alfa.gyor@2025.capacity#paper", f"{ALL}@2022#leaflet"
CONFIRMED = f"{HU}@2024#year-book"
NEWEST = [CORRECTED, REMOVED, CAPACITY, MAY, ASIDE, CONFIRMED]


def test_the_newest_stand_first_and_of_a_day_what_moved(changed: Asked) -> None:
    assert changed() == [*NEWEST, CHANGED, ADDED]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("1.0", [*NEWEST, CHANGED, ADDED]),
        ("1.1", NEWEST),
        (FIRST, [*NEWEST, CHANGED, ADDED]),
        (SECOND, NEWEST),
        (f"{SECOND}{'f' * 52}", NEWEST),  # the whole fingerprint, of which the line has the head
        (THIRD, []),
        ("2025-02-03", [*NEWEST, CHANGED, ADDED]),  # the day itself counts
        ("2025-02-04", NEWEST),
        ("2025-08", NEWEST),
        ("2026", []),
    ],
)
def test_since_a_version_a_record_or_a_day(changed: Asked, since: str, expected: list[str]) -> None:
    assert changed("--since", since) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("exports",), [REMOVED, MAY, ASIDE, CONFIRMED, CHANGED, ADDED]),
        (("nev",), [REMOVED, ADDED]),
        (("exports", "2025"), [MAY]),
        (("2024",), [CONFIRMED, CHANGED, ADDED]),
        (("hungary",), [CORRECTED, CAPACITY, CONFIRMED]),
        (("alfa",), [CAPACITY]),
        (("bureau", "2022"), [ASIDE]),
        ((ALL,), [MAY, ASIDE, CHANGED]),
        ((f"{ALL}@2024",), [CHANGED]),
        ((CHANGED,), [CHANGED]),
        ((f"{ALL}*",), [MAY, ASIDE, CONFIRMED, CHANGED]),
        (("alfa.gyor",), [CAPACITY]),
        (("hu.duty",), [CORRECTED]),
        (("half-year",), [MAY]),
        # a figure that is computed brings what it rests on
        ((f"share:{NEV}@2024,{ALL}@2024",), [CHANGED, ADDED]),
        ((f"growth:{ALL}@2024,{ALL}@2023",), [CHANGED]),
        (("m.cargo.sales",), []),
    ],
)  # fmt: skip
def test_words_and_ids_narrow_it(
    changed: Asked, words: tuple[str, ...], expected: list[str]
) -> None:
    assert changed(*words) == expected


def test_a_derived_figure_is_told_of_what_it_rests_on(changed: Asked) -> None:
    # the second half of 2024 is the year less the first half
    assert changed(f"{ALL}@2024-H2") == [CHANGED]


def test_a_row_says_what_it_was_what_it_is_why_and_who_printed_it(run: Callable) -> None:
    told = run("changes", "--all").stdout.decode()
    assert "7.5% → 17.5%" in told
    assert "a digit was lost (Paper, 2025-03)" in told
    assert "1.1 million (derived) → 1.2 million" in told
    assert "9,000, deprecated → nothing" in told
    assert "1,000 → nothing" in told
    assert "24,000 → 24,000" not in told
    assert "another country" in told
    assert "1 corrected, 1 removed, 1 changed, 3 added, 1 set aside" in told


def test_a_day_before_the_history_begins_is_told(run: Callable) -> None:
    assert b"the history begins on 2025-01-10 with evcli 1.0" in (
        run("changes", "--since", "2025-01-09").stdout
    )
    assert b"begins" not in run("changes", "--since", "2025-01-10").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--since", "9.9"), 2, "no date, and no version or record of the history"),
        (("--since", "4" * 12), 2, "write a day, as 2026-09-01, or 1.0"),
        (("m.nothing.here",), 3, "m.nothing.here"),
        (("no.such.*",), 3, "no series named"),
        (("nobody",), 3, "nobody"),
    ],
)
def test_what_nobody_knows_is_refused(
    run: Callable, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = run("changes", *arguments)
    assert (done.returncode, done.stdout) == (code, b"")
    assert told in " ".join(done.stderr.decode().split())


def test_packs_of_ones_own_have_no_history(run: Callable, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("sources: [{id: x, title: X, outlet: Paper}]\n", "utf-8")
    alone = run("changes", "--no-builtin", "--facts", str(tmp_path))
    assert (alone.returncode, b"packs of one's own have no history" in alone.stderr) == (0, True)
    beside = run("changes", "--facts", str(tmp_path), "-n").stdout.decode()
    assert "All" in beside
    assert "packs of one's own have no history" in beside


def test_the_record_has_one_name_wherever_it_is_quoted(run: Callable, tmp_path: Path) -> None:
    name, reach = run("--version").stdout.decode().splitlines()[1].split(", newest figure ")
    assert name.startswith("record ")
    assert name.endswith(" of 2025-08-11, newest source 2025-08-10")
    assert reach == "2025"
    cited = run("cite", f"{ALL}@2024").stdout.decode()
    assert f"evcli {name}\n" in cited
    assert run("package", str(tmp_path / "package")).returncode == 0
    for file in ("README.md", "datapackage.json"):
        assert name in (tmp_path / "package" / file).read_text("utf-8")
    # the day is that of the built-in facts alone
    (tmp_path / "more").mkdir()
    mixed = run("cite", f"{ALL}@2024", "--facts", str(tmp_path / "more")).stdout.decode()
    assert "evcli record " in mixed
    assert " of 2025-08-11" not in mixed


def test_sources_are_listed_where_they_are_known(run: Callable) -> None:
    told = run("changes", "--all", "-s").stdout.decode()
    assert "year-book  Yearbook (Bureau, 2025-02-01)" in told
    assert run("changes", "nev", "2019", "-s").returncode == 0  # whose source is gone
