"""The project's own facts against the texts of its sources, where EVCLI_TEXTS has them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evcli.store import PackChoice, open_store, pack_choice
from evcli.verify import ExpectedNumber, Statements, read_text
from tests.seeds import SEED_PACKS, SEEDS

from .accounts import uncovered

pytestmark = pytest.mark.skipif(
    not os.environ.get("EVCLI_TEXTS"),
    reason="EVCLI_TEXTS does not say where the texts of the sources are",
)


@pytest.mark.parametrize("packs", [SEEDS, ()], ids=["seeds", "built-in"])
def test_all_facts_stand_in_the_texts(
    packs: tuple[str, ...], evcli_process: Callable[..., Any]
) -> None:
    result = evcli_process("verify", *packs, "--format", "json")
    assert json.loads(result.stdout) == []
    assert result.returncode == 0
    assert b"of 5 sources" in result.stderr


@pytest.mark.parametrize("choice", [pack_choice(SEED_PACKS, True, {}), pack_choice([], False, {})])
def test_facts_account_for_all_numbers_of_the_texts(choice: PackChoice) -> None:
    with open_store(choice, environ=os.environ, notify=lambda _: None) as store:
        sources = [source for source in store.sources() if source.file]
        statements = Statements(store, sources)
        for source in sources:
            text = read_text(Path(os.environ["EVCLI_TEXTS"]), source, statements.money)
            assert isinstance(text, dict)
            assert [*uncovered(source, text, statements)] == []
    assert len(sources) == 5


def test_no_number_of_theirs_could_be_another() -> None:
    choice = pack_choice(SEED_PACKS, True, {})
    with open_store(choice, environ=os.environ, notify=lambda _: None) as store:
        sources = [source for source in store.sources() if source.file]
        statements = Statements(store, sources)
        survived, tried = [], 0
        for source in sources:
            text = read_text(Path(os.environ["EVCLI_TEXTS"]), source, statements.money)
            assert isinstance(text, dict)
            for statement in statements.by_source[source.id]:
                places = [text[at] for at in statement.at if at in text]
                for expected in statements.expected(statement):
                    for other in _others(expected):
                        tried += 1
                        if any(map(other.is_in, places)):
                            survived.append((statement.id, other))
    assert tried > 500
    assert survived == []


def _others(expected: ExpectedNumber) -> list[ExpectedNumber]:
    """What it would be with one digit, unit, qualifier or direction wrong."""
    value = expected.value
    assert value is not None
    values = [value * 10, value / 10, value * 1000, value + 1, value * 101 / 100]
    if expected.change:
        values.append(-value)
    others = [expected._replace(value=each) for each in values if each != value]
    sides = {"", "low", "high", "about"} - {expected.side}
    others += [expected._replace(side=side) for side in sides]
    if not expected.change:  # a change is always in percent
        units = {"", "percent", "points", "USD", "EUR"} - {expected.unit}
        others += [expected._replace(unit=unit) for unit in units]
    return others
