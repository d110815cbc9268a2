"""Facts that totals tie all to one another: what is planted is found, and only what is asked for
is worked on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evcli.audit.audit import Audit, audit, check_answer
from evcli.inference import system
from evcli.inference.family import Family, fact_of
from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import Record
from tests.audit.conftest import TODAY
from tests.audit.registrations import Registrations

FACTS = Path(__file__).parents[2] / "facts"
TABLES: Mapping[str, dict[str, Any]] = {
    "months": {},
    "years": {"years": 0.5},
    "growth": {"years": 0.3, "growth": 0.5},
    "gaps": {"years": 0.5, "growth": 0.3, "gaps": 0.6, "seed": 2},
}


def record_of(made: Registrations, pack: Path) -> Record:
    words = Pack(FACTS, builtin=True, definitions_only=True)
    return load([words, Pack(made.write(pack))])


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Families of this size count as large, and all is done in this process."""
    monkeypatch.setattr("evcli.audit.audit.LARGE", 60)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


def graver(found: Audit) -> list[frozenset[str]]:
    """The facts of each finding that fails."""
    return [frozenset(map(fact_of, each.facts)) for each in found.open if each.fails]


@pytest.mark.parametrize("said", TABLES.values(), ids=TABLES)
@pytest.mark.usefixtures("large")
def test_what_is_planted_is_found_and_nothing_else(said: dict[str, Any], tmp_path: Path) -> None:
    made = Registrations(4, 6, 36, planted=6, **said)
    found = audit(record_of(made, tmp_path / "pack"), today=TODAY)
    pairs = {frozenset(pair) for pair in made.planted.items()}
    assert len(pairs) == 6
    contradictions = {
        frozenset(each.facts) for each in found.open if each.verdict == "contradiction"
    }
    assert contradictions == pairs
    # a year, or growth, that excludes what is planted shows it once more
    assert all(facts & made.planted.keys() for facts in graver(found))
    assert found.apart == ()


@pytest.mark.usefixtures("large")
def test_a_small_family_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Registrations(4, 6, 36, planted=6)
    record = record_of(made, tmp_path / "pack")
    one_by_one = audit(record, today=TODAY)
    monkeypatch.setattr("evcli.audit.audit.LARGE", 10_000)
    assert audit(record, today=TODAY).open == one_by_one.open


@pytest.mark.usefixtures("large")
def test_nothing_is_found_where_all_is_true(tmp_path: Path) -> None:
    made = Registrations(4, 6, 36, years=0.5, growth=0.5, gaps=0.3)
    assert graver(audit(record_of(made, tmp_path / "pack"), today=TODAY)) == []


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The series that any system had statements of."""
    found: set[str] = set()
    begin = system.FamilyProgram.__init__

    def noted(self: system.FamilyProgram, family: Family, *rest: Any) -> None:
        found.update(cell.series for each in family.constraints for cell in each.cells)
        begin(self, family, *rest)

    monkeypatch.setattr(system.FamilyProgram, "__init__", noted)
    return found


@pytest.mark.parametrize(
    ("wanted", "beside"),
    [
        (["b02-c01"], {"all-c01", "all-world"}),  # c01 lies outside the union
        (["b02-c00"], {"all-c00", "all-union", "all-world"}),
        (["all-c02"], {"b00-c02", "b01-c02", "b02-c02", "all-union", "all-world"}),
    ],
)
@pytest.mark.usefixtures("large")
def test_a_selection_solves_only_its_own(
    wanted: list[str], beside: set[str], tmp_path: Path, solved: set[str]
) -> None:
    made = Registrations(4, 3, 24, years=1.0, growth=0.5)
    found = audit(record_of(made, tmp_path / "pack"), today=TODAY, wanted=wanted)
    assert solved == {*wanted, *beside}
    (told,) = check_answer(found).warnings
    assert f"{len(solved)} of 18 series" in told  # 4 countries by 3 brands, and 6 of all makers


@pytest.mark.usefixtures("large")
def test_a_selection_finds_what_is_planted_in_it(tmp_path: Path) -> None:
    made = Registrations(4, 6, 36, planted=6, years=0.5)
    record = record_of(made, tmp_path / "pack")
    for part, whole in made.planted.items():
        wanted = [part.partition("@")[0]]
        assert {part, whole} in graver(audit(record, today=TODAY, wanted=wanted))


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("budget", [200, 1])
def test_what_takes_too_long_is_listed(tmp_path: Path, budget: int) -> None:
    """With 200 steps the few series that exclude each other are still held together, not all 30."""
    made = Registrations(4, 6, 36, planted=3, years=0.5, growth=0.5, gaps=0.5)
    found = audit(record_of(made, tmp_path / "pack"), today=TODAY, budget=budget)
    untested = [each for each in found.open if each.verdict == "untested"]
    assert found.fails
    assert any(len(each.series) == 30 for each in untested)
    assert all(f"more than {budget} steps: --budget" in each.message for each in untested)
    if budget == 200:
        planted = {frozenset(pair) for pair in made.planted.items()}
        assert planted <= {each.names for each in found.open}


@pytest.mark.usefixtures("large")
def test_progress_goes_up_to_all_statements(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    made = Registrations(4, 6, 36, planted=3, years=0.5)
    record = record_of(made, tmp_path / "pack")
    audit(record, today=TODAY, progress=lambda done, of: told.append((done, of)))
    done = [each for each, _ in told]
    of = sum(map(len, made.stated.values()))
    assert {each for _, each in told} == {of}
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == of
    assert len(set(done)) > 3
