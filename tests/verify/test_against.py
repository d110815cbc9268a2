"""A saved explanation against the one the packs give now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evcli.errors import UsageError
from evcli.query.explain import changes_answer, read_saved
from evcli.query.figures import Figures
from evcli.store import Store, open_store, pack_choice

PACK = """\
vocabulary:
  subjects: [{id: XX, name: Exland, kind: country}]
  publishers: [{id: x-office, name: Office of Exland}]
sources:
  - {id: paper, title: A paper, outlet: Paper, published: 2024-07-01}
  - {id: sheet, title: A sheet, outlet: Sheet, published: 2025-07-01}
series:
  - id: x.exports
    title: Exports
    subject: XX
    metric: exports
    unit: vehicles
    publisher: x-office
    facts:
      - {period: 2023, stated: "300", source: paper, at: p1}
      - {period: 2024, stated: "700", source: sheet, at: p2, note: N}
"""
GROWTH = "growth:x.exports@2024,x.exports@2023"
Ask = Callable[[str], Figures]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Figures of a pack."""
    opened: list[Store] = []

    def ask(text: str) -> Figures:
        pack = tmp_path / f"pack{len(opened)}"
        pack.mkdir()
        (pack / "facts.yaml").write_text(text, encoding="utf-8")
        choice = pack_choice([pack], True, {})
        store = open_store(choice, environ={}, notify=lambda _: None)
        opened.append(store)
        return Figures(store)

    yield ask
    for store in opened:
        store.close()


@pytest.fixture
def saved(tmp_path: Path, evcli_run: Callable[..., Any]) -> Path:
    """``evcli explain`` of the pack, saved."""
    pack = tmp_path / "saved"
    pack.mkdir()
    (pack / "facts.yaml").write_text(PACK, encoding="utf-8")
    explained = evcli_run(
        "explain",
        "x.exports@2024",
        GROWTH,
        "--format",
        "json",
        "--no-builtin",
        "--facts",
        str(pack),
    )
    assert explained.returncode == 0, explained.stderr.decode()
    file = tmp_path / "saved.json"
    file.write_bytes(explained.stdout)
    return file


def changed(saved: Path, source: Figures) -> list[tuple[object, ...]]:
    rows = changes_answer(source, read_saved(saved)).rows
    return [(row["id"], row["field"], row["saved"], row["now"]) for row in rows]


def test_nothing_changed(saved: Path, ask: Ask) -> None:
    answer = changes_answer(ask(PACK), read_saved(saved))
    assert list(answer.rows) == []
    assert answer.notes == ("2 figures recomputed: nothing changed",)


def test_the_place_in_a_file_is_no_change(saved: Path, ask: Ask) -> None:
    assert changed(saved, ask(PACK.replace("sources:", "# another line\nsources:"))) == []


def test_a_changed_input_is_told_with_what_follows(saved: Path, ask: Ask) -> None:
    told = changed(saved, ask(PACK.replace('"700"', '"800"')))
    assert ("x.exports@2024", "value", "700", "800") in told
    assert ("x.exports@2024#sheet", "fact text", '"700"', '"800"') in told
    assert (GROWTH, "value", "133.333333333", "166.666666667") in told
    assert not any(str(each[0]).endswith("2023#paper") for each in told)
    assert len(told) == len(set(told))


def test_a_changed_place_or_note_is_told(saved: Path, ask: Ask) -> None:
    told = changed(saved, ask(PACK.replace("p2, note: N", "p3, note: M")))
    assert ("x.exports@2024#sheet", "fact at", "sheet p2", "sheet p3") in told
    assert ("x.exports@2024#sheet", "fact note", "N", "M") in told


def test_a_new_input_is_told(saved: Path, ask: Ask) -> None:
    more = '      - {period: 2024, stated: "700", source: paper, at: p9}\n'
    told = changed(saved, ask(PACK + more))
    assert ("x.exports@2024#paper", "fact", "not there", "700") in told


def test_an_input_that_is_gone_is_told(saved: Path, ask: Ask) -> None:
    without = PACK.replace(
        '      - {period: 2024, stated: "700", source: sheet, at: p2, note: N}\n', ""
    )
    told = changed(saved, ask(without))
    assert ("x.exports@2024#sheet", "fact", "700", "gone") in told


def test_a_figure_that_is_gone_is_told(saved: Path, ask: Ask) -> None:
    told = changed(saved, ask(PACK.replace("x.exports", "y.exports")))
    assert [each[:3] for each in told] == [
        ("x.exports@2024", "figure", "explained"),
        (GROWTH, "figure", "explained"),
    ]


def test_repeating_decimals_do_not_count_as_changes(saved: Path, ask: Ask) -> None:
    rows = json.loads(saved.read_text("utf-8"))
    assert any(row["value"] == 133.333333333 for row in rows)
    assert list(changes_answer(ask(PACK), rows).rows) == []  # floats of a plain json.load, too


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"[1]",
        b"[{}]",
        b"null",
        b"\xff",
        b"\x00",
        b"[" * 100_000,
        b'[{"depth": 0, "kind": "figure", "id": ""}]',
        b'[{"depth": 1, "kind": "figure", "id": "x"}]',
        b'[{"depth": "0", "kind": "figure", "id": "x"}]',
        b'[{"depth": 0, "kind": "figure", "id": 7}]',
        b'[{"depth": 0, "kind": 1, "id": "x"}]',
        b'[{"depth": 0, "kind": "figure", "id": "x", "value": "many"}]',
        b'[{"depth": 0, "kind": "figure", "id": "x", "note": []}]',
        b'[{"depth": 0, "kind": "figure", "id": "x", "value": NaN}]',
        b'[{"depth": 0, "kind": "figure", "id": "x", "value": 1e999999999}]',
        b'[{"depth": 0, "kind": "figure", "id": "x", "value": ' + b"9" * 10_000 + b"}]",
    ],
    ids=range(20),
)
def test_a_file_that_is_no_explanation_is_a_usage_error(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_saved(file)
    assert "\n" not in str(caught.value)
    assert "saved.json" in str(caught.value)


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    for path in (tmp_path / "gone", tmp_path, Path("x" * 5000), Path("a\0b")):
        with pytest.raises(UsageError):
            read_saved(path)
