"""How far a record reaches is said wherever a question goes beyond it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Process
from tests.query.packs import MARKET

Run = Callable[..., Process]
# all vehicles are known up to June 2025 (the 2,000,000 of 2026 are a plan)


@pytest.fixture
def ask(evcli_run: Run, tmp_path: Path) -> Callable[[str], str]:
    pack = tmp_path / "market.yaml"
    pack.write_text(MARKET, "utf-8")

    def asked(words: str) -> str:
        done = evcli_run(*words.split(), "--no-builtin", "--facts", str(pack))
        return (done.stdout + done.stderr).decode()

    return asked


@pytest.mark.parametrize(
    ("words", "newest"),
    [
        ("get m.exports.all --period 2025-07", "Jun 2025"),
        ("get m.exports.all m.exports.nev --period 2025-07", "Jun 2025"),
        ("get m.exports.nev --since 2025-07", "H1 2025"),
        ("trend m.exports.all --since 2027", "Jun 2025"),
        ("exports nev 2026", "H1 2025"),
        ("exports 2025-07", "Jun 2025"),
        ("top destinations 2027", "Jun 2025"),
    ],
)
def test_beyond_the_newest_figure(ask: Callable[[str], str], words: str, newest: str) -> None:
    told = f"nothing after {newest} is recorded, the newest source is of 2025-08-10"
    assert told in ask(words)


def test_what_is_planned_for_then_is_offered(ask: Callable[[str], str]) -> None:
    assert "1 plan left out: --plans" in ask("exports 2026")


def test_what_is_missing_before_it_has_other_reasons(ask: Callable[[str], str]) -> None:
    assert "nothing is known for 2019; there are figures for 2023 to 2026" in ask(
        "get m.exports.all m.exports.nev --year 2019"
    )
    assert "nothing is known until 2019" in ask("get m.exports.all --until 2019")


def test_a_figure_that_is_too_late_says_so(ask: Callable[[str], str]) -> None:
    told = "no source states it; nothing after Jun 2025 is recorded"
    assert told in ask("growth m.exports.all 2025-07 --format csv")
    assert told in ask("explain m.exports.all@2025-07")
    # May is before June: nothing leads to April, which is another matter
    assert "nothing after" not in ask("explain m.exports.all@2025-04")


def test_the_version_and_coverage_say_how_far(ask: Callable[[str], str]) -> None:
    assert "newest figure Jun 2025, newest source 2025-08-10" in ask("coverage m.exports.all")
