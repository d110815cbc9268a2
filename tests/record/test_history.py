"""facts/history.csv leads from the release at which it begins to the facts as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.records import Record
from evcli.query.changes import _KINDS as KINDS
from evcli.store.history import HISTORY, RELEASED, HistoryLine, read_history

from ..docs_scripts import script
from .conftest import ROOT

LINES = read_history(ROOT / "facts" / HISTORY)
history = script("history")


@pytest.fixture(scope="module")
def state(record: Record) -> dict[str, str]:
    return {id: history.said(each) for id, each in history.statements(record).items()}


def test_undone_line_by_line_the_record_is_what_each_release_was(state: dict[str, str]) -> None:
    # where this fails, facts changed: python docs/history.py writes down which
    marks = list(history.undone(state, LINES))
    assert marks
    assert [now for _, now in marks] == [then for then, _ in marks]


def test_a_fact_that_no_line_tells_of_shows(state: dict[str, str]) -> None:
    (then, now), *_ = history.undone(state | {"x.all@2025#y": "1,000"}, LINES)
    assert then != now
    changed = next(line.fact for line in reversed(LINES) if line.stated_after)
    with pytest.raises(ValueError, match=re.escape(changed)):
        list(history.undone(state | {changed: "1,000"}, LINES))


def test_the_oldest_line_names_a_release_and_the_newest_stands_last() -> None:
    assert LINES[0].what == RELEASED
    assert [line.date for line in LINES] == sorted(line.date for line in LINES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.fact)
def test_a_line_says_what_and_why(line: HistoryLine) -> None:
    assert not any(set(cell) & set("\n\r") for cell in line)
    assert re.fullmatch(r"[0-9a-f]{12}", line.record)
    if line.what == RELEASED:
        assert re.fullmatch(r"[0-9a-f]{64}", line.stated_after)
        return
    assert line.what in KINDS
    assert line.title
    needs_reason = line.what in ("deprecated", "set aside", "corrected", "removed")
    assert bool(line.reason) is needs_reason
    assert bool(line.stated_after) is (line.what != "removed")
    assert bool(line.stated_before) is (line.what in ("deprecated", "corrected", "removed"))
    assert (line.what == "added") <= (line.before == "")
    assert (line.what == "changed") <= ("" not in (line.before, line.after))
    assert (line.what == "confirmed") <= (line.before == line.after != "")


def test_what_became_of_the_tenfold_growth_of_april_2023() -> None:
    (line,) = [each for each in LINES if each.what == "corrected" and "2023-04#" in each.fact]
    # ten times more is eleven times as many: +1,000 %, where +900 % was read
    assert line.stated_before.startswith("91,000, x10 on the year before")
    assert line.stated_after.startswith("91,000, x11 on the year before")
    assert (line.before, line.after) == ("91,000, +900 %", "91,000, +1,028.5 %")


WORDS = """
vocabulary:
  subjects: [{id: XX, name: Exland, kind: country}]
  publishers: [{id: office, name: Office of Exland}]
  metrics: [{id: exports, name: Exports, kind: flow}]
  scopes: [{id: all, name: All vehicles}]
  units: [{id: vehicles, name: vehicles, kind: count}]
sources:
  - {id: paper, title: A paper, outlet: Paper, published: 2025-02}
  - {id: sheet, title: A sheet, outlet: Sheet, published: 2025-03}
series:
  - {id: x.exports, title: Exports, subject: XX, metric: exports, scope: all, unit: vehicles,
     publisher: office, facts: [
"""
Make = Callable[..., Record]


@pytest.fixture
def pack(tmp_path: Path) -> Make:
    """The record of one series with these facts."""

    def make(*facts: str) -> Record:
        (tmp_path / "facts.yaml").write_text(f"{WORDS}{','.join(facts)}]}}\n", "utf-8")
        return load([Pack(tmp_path)])

    return make


YEAR = '{period: 2024, stated: "1,200,000", source: paper}'
HALF = '{period: 2024-H1, stated: "500,000", source: paper}'


def told(old: Record, new: Record, because: str = "") -> list[tuple[str, ...]]:
    lines = history.compared(old, new, "2025-03-04", because)
    assert {line.date for line in lines} <= {"2025-03-04"}
    return [(e.what, e.before, e.after, e.reason, e.stated_before, e.stated_after) for e in lines]


def test_a_fact_where_a_figure_followed_changes_it(pack: Make) -> None:
    # 1,200,000 less 500,000
    second = '{period: 2024-H2, stated: "690,000", source: sheet}'
    (line,) = told(pack(YEAR, HALF), pack(YEAR, HALF, second))
    assert line == ("changed", "700,000 (derived)", "690,000", "", "", "690,000")


def test_a_fact_where_nothing_was_known_is_added_and_a_second_confirms(pack: Make) -> None:
    again = YEAR.replace("paper", "sheet")
    assert told(pack(HALF), pack(HALF, YEAR)) == [("added", "", "1.2 million", "", "", "1,200,000")]
    assert told(pack(YEAR), pack(YEAR, again)) == [
        ("confirmed", "1.2 million", "1.2 million", "", "", "1,200,000")
    ]


def test_what_is_deprecated_set_aside_and_taken_out(pack: Make) -> None:
    wrong = YEAR.replace("}", ', rank: deprecated, reason: "A misprint."}')
    assert told(pack(YEAR, HALF), pack(wrong, HALF)) == [
        ("deprecated", "1.2 million", "", "A misprint.", "1,200,000", "1,200,000, deprecated")
    ]
    assert told(pack(HALF), pack(wrong, HALF)) == [
        ("set aside", "", "", "A misprint.", "", "1,200,000, deprecated")
    ]
    assert told(pack(YEAR, HALF), pack(HALF), "Of another country.") == [
        ("removed", "1.2 million", "", "Of another country.", "1,200,000", "")
    ]


def test_a_correction_says_why_or_is_refused(pack: Make) -> None:
    other = YEAR.replace("1,200,000", "1,300,000")
    expected = ("corrected", "1.2 million", "1.3 million", "Misread.", "1,200,000", "1,300,000")
    assert told(pack(YEAR), pack(other), "Misread.") == [expected]
    noted = other.replace("}", ', note: "Misread."}')
    assert told(pack(YEAR), pack(noted)) == [expected]
    with pytest.raises(SystemExit, match="say why with --because"):
        told(pack(YEAR), pack(other))


def test_what_nobody_quotes_is_no_change(pack: Make) -> None:
    noted = YEAR.replace("}", ', note: "In a table.", at: p2}')
    assert told(pack(YEAR), pack(noted)) == []
