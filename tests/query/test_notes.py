"""What the kind of a note and a reason that is missing decide, whatever their words are."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from evcli.commands.app import run
from evcli.model.figure import Missing
from evcli.model.note import Note, NoteKind
from tests.query.conftest import Ask, MakePack

LEVELS = """\
      - {period: 2024-01/2024-05, stated: "95,000", source: page, at: p1}
      - {period: 2024-H1, stated: "120,000", source: page, at: p1}
      - {period: 2025-01/2025-05, stated: "100,000", source: page, at: p1}
      - {period: 2025-H1, stated: "130,000", source: page, at: p1}
"""
HALVES = f"""\
vocabulary:
  publishers:
    - {{id: bureau, name: Bureau, precision: 1}}
    - {{id: rival, name: Rival Counters, precision: 1}}
sources:
  - {{id: page, title: Page, outlet: Paper, published: 2025-09-10}}
series:
  - id: levels
    title: Cars
    subject: CN
    metric: exports
    scope: all
    unit: vehicles
    publisher: bureau
    facts:
{LEVELS}\
  - id: growths
    title: Cars, counted by the rival
    subject: CN
    metric: exports
    scope: all
    unit: vehicles
    publisher: rival
    facts:
{LEVELS}\
      - {{period: 2025-06, yoy: "+20.0%", source: page, at: p2}}
      - {{period: 2024-07, stated: "20,000", source: page, at: p2}}
      - {{period: 2025-07, yoy: "+10%", source: page, at: p2}}
"""


@pytest.fixture
def halves(make_pack: MakePack) -> Path:
    return make_pack(HALVES)


@pytest.fixture(params=["as they are", "in other words"], autouse=True)
def _words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every note and reason as it is, and once more with words that mean nothing."""
    if request.param == "as they are":
        return
    import_module("evcli.core.resolve")  # has reasons that are made once
    monkeypatch.setenv("EVCLI_CACHE", str(tmp_path))  # answers are kept with their words

    def note(cls: type[Note], kind: NoteKind, text: str, refs: tuple[str, ...] = ()) -> Note:
        return cls._make((kind, f"xyz {len(text)}", refs))

    def missing(cls: type[Missing], text: str, refs=(), around=None) -> Missing:
        return cls._make((f"xyz {len(text)}", refs, around))

    monkeypatch.setattr(Note, "__new__", staticmethod(note))
    monkeypatch.setattr(Missing, "__new__", staticmethod(missing))


def cite(pack: Path, id_: str, capfd: pytest.CaptureFixture[str]) -> str:
    assert run(["cite", id_, "--no-builtin", "--facts", str(pack), "-q"]) == 0
    return capfd.readouterr().out.splitlines()[0]


def kinds(row: dict[str, list[dict[str, str]]]) -> list[str]:
    return [note["kind"] for note in row["notes"]]


def test_derived_growth_is_told_beside_a_derived_level(halves: Path, ask_pack: Ask) -> None:
    # 130,000 - 100,000 on 120,000 - 95,000
    (row,) = ask_pack(halves, "get", "levels", "--period", "2025-06").rows
    assert (row["value"], row["yoy"], row["basis"]) == (30_000, 20, "derived")
    assert kinds(row) == ["growth"]


def test_stated_growth_stays_beside_a_derived_level(halves: Path, ask_pack: Ask) -> None:
    (row,) = ask_pack(halves, "get", "growths", "--period", "2025-06").rows
    assert (row["value"], row["yoy"], row["basis"]) == (30_000, 20, "derived")
    assert (row["yoy_low"], row["yoy_high"]) == (19.95, 20.05)
    assert kinds(row) == []  # how growth would be derived is beside the point


def test_a_window_that_is_not_separable_is_not_placed_again(halves: Path, ask_pack: Ask) -> None:
    rows = ask_pack(halves, "get", "levels", "--by", "month", "--year", "2025").rows
    (april,) = [row for row in rows if row["period"] == "2025-04"]
    assert april["value"] is None
    (note,) = april["notes"]
    assert (note["kind"], note["refs"]) == ("missing", ["levels@2025-01/2025-05"])


def test_a_sentence_says_nothing_of_how_growth_was_derived(
    halves: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cite(halves, "levels@2025-06", capfd) == (
        "Cars, counted by Bureau, came to 30,000 vehicles in June 2025, "
        "derived from 100,000 vehicles from January to May 2025 [a] and 130,000 vehicles in the "
        "first half of 2025 [a] (the first half of 2025 minus January to May 2025)."
    )


def test_growth_is_as_stated_where_the_base_is_missing(
    halves: Path, ask_pack: Ask, capfd: pytest.CaptureFixture[str]
) -> None:
    (row,) = ask_pack(halves, "growth", "growths", "--period", "2025-06").rows
    assert row["value"] == 20
    assert kinds(row) == ["derivation"]
    told = cite(halves, "growth:growths@2025-06,growths@2024-06", capfd)
    assert told.startswith('Growth of "Cars, counted by the rival" in June 2025 is stated as')


def test_growth_is_as_stated_where_nothing_is_said_of_the_level(
    halves: Path, ask_pack: Ask
) -> None:
    (row,) = ask_pack(halves, "growth", "growths", "--period", "2025-07").rows
    assert row["value"] == 10
    assert row["notes"][0]["refs"] == ["growths@2025-07"]
