"""Full-text search, in English and Chinese, and against hostile questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.records import Record, Source
from evcli.store import Store
from tests.stores import store_of

NEV = "cn.exports.nev.caam"


def found(store: Store, words: str, *kinds: str) -> list[str]:
    return [hit.id for hit in store.search(words) if not kinds or hit.kind in kinds]


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("belgium", "series", {"chery.exports.to-be"}),
        ("BELGIUM exports", "series", {"chery.exports.to-be"}),
        ("belg", "series", {"chery.exports.to-be"}),  # the last word may be unfinished
        ("border", "series", {NEV, "chery.exports.to-be"}),  # the method's definition
        ("month by month", "series", {NEV}),  # a note
        ("奇瑞", "series", {"chery.exports.to-be"}),  # the subject's alias
        ("奇", "series", {"chery.exports.to-be"}),
        ("比亚迪", "series", {"byd.overseas"}),
        ("新能源汽车", "series", {NEV, "byd.overseas"}),
        ("能源", "series", {NEV, "byd.overseas"}),
        ("迪亚", "series", set()),
        ("出口", "source", {"paper"}),
        ("出口激增", "source", {"paper"}),
        ("cafe muller", "source", {"paper"}),
        ("financial", "source", {"paper"}),
        ("seed-001", "source", {"seed-001"}),
        ("GYOR", "event", {"e2"}),
        ("duty", "measure", {"eu.cvd.byd"}),
        ("szeged", "plant", {"byd.szeged"}),
        ("匈牙利", "plant", {"byd.szeged"}),
        ("citroen", "subject", {"citroen"}),
        ("ＢＹＤ", "subject", {"byd"}),  # full-width letters
        ("new-energy", "scope", {"nev"}),
        ("overseas", "claim", {"c1"}),
    ],
)
def test_words_are_found(store: Store, words: str, kind: str, expected: set[str]) -> None:
    assert set(found(store, words, kind)) == expected


def test_all_words_else_any(store: Store) -> None:
    assert found(store, "belgium chery", "series") == ["chery.exports.to-be"]
    either = found(store, "belgium szeged")
    assert {"chery.exports.to-be", "byd.szeged"} <= set(either)


def test_only_the_last_word_may_be_unfinished(store: Store) -> None:
    assert found(store, "bel chery", "plant") == ["chery.barcelona"]  # any of them


def test_a_title_counts_more_than_a_note() -> None:
    sources = {
        "note": Source("note", "Other things", "x", note="tariffs"),
        "title": Source("title", "On tariffs", "x"),
    }
    with store_of(Record(sources=sources)) as store:
        assert found(store, "tariffs") == ["title", "note"]


def test_a_hit_says_what_it_is(store: Store) -> None:
    [hit] = [hit for hit in store.search("new-energy exported") if hit.kind == "series"]
    assert hit == (
        "series",
        NEV,
        "New-energy vehicles exported from China",
        "China Association of Automobile Manufacturers, 3 facts, 2025-01/2025-05 to 2025-05",
    )


def test_the_limit(store: Store) -> None:
    assert len(store.search("byd", limit=2)) == 2
    assert store.search("byd", limit=0) == store.search("byd", limit=-1) == []


@pytest.mark.parametrize(
    "words", ["", " ", '"', "''", "*", "...", "()", "-", "^", "\0", "\n", "、。", "🚗"]
)
def test_nothing_to_look_for(store: Store, words: str) -> None:
    assert store.search(words) == []


def test_an_operator_of_the_engine_is_a_word_like_any_other() -> None:
    sources = {
        "word": Source("word", "Now or never", "x"),
        "other": Source("other", "Szeged", "x"),
    }
    with store_of(Record(sources=sources)) as store:
        assert found(store, '" OR "') == ["word"]


@pytest.mark.parametrize(
    "words",
    [
        'szeged"',
        'sze*ged OR "',
        "title:szeged",
        "szeged AND",
        "NOT szeged",
        "NEAR(szeged, 2)",
        "{title} : szeged",
        "szeged) OR (",
        "^szeged",
        "szeged + x",
        "szeged\0",
        "\0szeged",
        "\udcffszeged",
        "szeged; DROP TABLE search",
        "szeged " * 500,
    ],
)
def test_the_language_of_the_engine_is_plain_text(store: Store, words: str) -> None:
    store.search(words)
    assert "byd.szeged" in found(store, "szeged")


@given(st.text(max_size=40) | st.text("\"'*()^:+-{}, ANDORTEa奇\0", max_size=40))
def test_no_text_is_an_error(words: str) -> None:
    with store_of(Record(sources={"a": Source("a", "title 奇瑞", "b")})) as store:
        store.search(words)


@given(st.text("奇瑞出口一二三", min_size=1, max_size=8), st.data())
def test_any_run_of_chinese_is_found(title: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title) - 1))
    end = data.draw(st.integers(start + 1, len(title)))
    with store_of(Record(sources={"a": Source("a", f"x{title}y", "b")})) as store:
        assert found(store, title[start:end]) == ["a"]
