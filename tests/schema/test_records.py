"""What follows from the declarations of records, against lists made by hand."""

import csv
import io
from typing import Any, NamedTuple

import pytest

from evcli.model.answer import Rounding
from evcli.model.period import Period
from evcli.model.records import Fact, Rank, Record, Source
from evcli.model.vocabulary import VOCABULARY, Publisher, Vocabulary
from evcli.publish.contents import table_of
from evcli.publish.package import csv_text
from evcli.schema.records import (
    DECLARED,
    KINDS,
    SECTIONS,
    columns,
    declared,
    entry_of,
    keys,
    record_of,
    row,
)
from evcli.store import open_store, pack_choice
from tests.seeds import SEED_PACKS

RECORDS = [kind.record for kind in KINDS.values()]


def test_the_keys_of_a_fact() -> None:
    assert list(keys(Fact)) == [
        *("period", "as_of", "stated", "printed", "precision", "yoy", "mom", "change"),
        *("source", "origin", "at", "rank", "reason", "status", "reading", "note"),
    ]


def test_the_columns_of_a_fact() -> None:
    """The layout of ``facts.csv``, on which others build."""
    assert [(field.name, field.type.value) for field in columns(Fact)] == [
        *((name, "text") for name in ("id", "series", "period")),
        *((name, "day") for name in ("start", "end")),
        *((name, "text") for name in ("stated", "printed")),
        *((name, "number") for name in ("value", "low", "high")),
        *((name, "text") for name in ("unit", "qualifier")),
        ("precision", "number"),
        *((name, "text") for name in ("yoy", "mom", "change", "change_over", "source", "origin")),
        ("at", "texts"),
        *((name, "text") for name in ("rank", "reason", "status", "reading", "note", "published")),
    ]
    known = {field.name: field for field in columns(Fact)}
    assert known["low"].rounding is Rounding.DOWN
    assert known["high"].rounding is Rounding.UP
    assert known["rank"].choices == ("preferred", "normal", "deprecated")
    assert known["source"].refers_to == "sources"


def test_every_section_and_word_is_a_kind() -> None:
    assert set(SECTIONS) == {*Record._fields} - {"vocabulary", "facts"}
    assert set(VOCABULARY) == {*Vocabulary._fields}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_declaration_is_whole(record: Any) -> None:
    """Every name is used once, means something in one line, and refers to what there is."""
    for fields in (columns(record), [each.field for each in keys(record).values()]):
        names = [field.name for field in fields]
        assert len(set(names)) == len(names)
    for each in declared(record):
        assert each.field.description.endswith((".", "..."))
        assert "\n" not in each.field.description
        assert each.field.refers_to in {"", *KINDS}
        assert each.field.key or each.field.column


class Sample(NamedTuple):
    """A record made up for these tests."""

    id: str
    line: int
    groups: tuple[str, ...] = ()
    day: Period | None = None
    read: bool = True


@pytest.fixture(autouse=True)
def _sample_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {
        "id": {"description": "Its name."},
        "read": {"description": "Whether it was read."},
        "groups": {"description": "Of which it is part.", "refers_to": "subjects"},
        "published": {"description": "When.", "attribute": "day"},
        "first": {
            "description": "Its first day.",
            "attribute": "day",
            "of": "start",
            "type": "day",
            "key": False,
        },
    }
    monkeypatch.setitem(DECLARED, "Sample", {"fields": fields})


def test_order_types_and_parts_follow_from_the_declaration() -> None:
    assert [(each.name, each.type.value) for each in columns(Sample)] == [
        ("id", "text"),
        ("read", "flag"),
        ("groups", "list"),
        ("published", "text"),
        ("first", "day"),
    ]
    assert list(keys(Sample)) == ["id", "read", "groups", "published"]
    assert row(Sample("a", 7, ("b", "c"), Period.of_months(2024, 2, 1), False)) == {
        "id": "a",
        "read": False,
        "groups": ("b", "c"),
        "published": "2024-02",
        "first": "2024-02-01",
    }
    assert row(Sample("a", 7))["first"] is None
    assert row(Sample("a", 7), first="never")["first"] == "never"


def test_cells_are_read_back() -> None:
    cells = {"id": "a", "read": "false", "groups": "b c", "published": "2024-02"}
    assert record_of(Sample, cells, line=7) == Sample(
        "a", 7, ("b", "c"), Period.of_months(2024, 2, 1), False
    )
    assert entry_of(Sample, cells) == {
        "id": "a",
        "read": "no",
        "groups": ("b", "c"),
        "published": "2024-02",
    }
    # what goes without saying is not written
    assert entry_of(Sample, cells | {"read": "true", "groups": ""}) == {
        "id": "a",
        "published": "2024-02",
    }


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"precision": "fine"}, "fine"),
        ({"aliases": "[1]"}, "no JSON array of texts"),
        ({"aliases": "a b"}, "Expecting value"),
    ],
)
def test_a_damaged_cell_is_an_error(cells: dict[str, str], message: str) -> None:
    whole = {
        "id": "a",
        "name": "A",
        "kind": "",
        "precision": "1000",
        "aliases": '["b c"]',
        "short": "",
    }
    assert record_of(Publisher, whole).aliases == ("b c",)
    with pytest.raises(ValueError, match=message.replace("[", r"\[")):
        record_of(Publisher, whole | cells)


@pytest.mark.parametrize("name", [*VOCABULARY, "series"])
def test_what_is_written_comes_back_equal(name: str) -> None:
    with open_store(pack_choice([*SEED_PACKS], True, {})) as store:
        found = (
            store.series(store.all_series_ids())
            if name == "series"
            else getattr(store.vocabulary, name)
        )
    items = list(found.values() if isinstance(found, dict) else found)
    assert items
    text = csv_text(table_of(name, map(row, items)))
    again = [record_of(KINDS[name].record, cells) for cells in csv.DictReader(io.StringIO(text))]
    assert again == items


def test_a_rank_that_is_normal_goes_without_saying() -> None:
    cells = row(Fact("f", "s", Period.of_year(2025), "p", "p", ()), precision=None)
    texts = {name: "" if value in (None, ()) else str(value) for name, value in cells.items()}
    assert entry_of(Fact, texts) == {"period": "2025", "source": "p", "origin": "p"}
    assert entry_of(Fact, texts | {"rank": Rank.DEPRECATED})["rank"] == "deprecated"


def test_a_source_says_all_but_its_problems() -> None:
    cells = row(Source("s", "T", "O", published=Period.of_months(2025, 2, 1), read=False))
    assert (cells["published"], cells["read"]) == ("2025-02", False)
    assert "problems" not in cells
