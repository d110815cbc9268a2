"""The five documents, where EVCLI_TEXTS has them, each left out as its own support."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evcli.model.answer import listed_in
from evcli.publish.claim_marks import claims, own_sources
from evcli.query.figures import Figures
from evcli.store import open_store, pack_choice

TEXTS = os.environ.get("EVCLI_TEXTS", "")
pytestmark = pytest.mark.skipif(not TEXTS, reason="EVCLI_TEXTS does not say where the texts are")
# read by hand: numbers that other pages print alike, by document; all that is marked so
SUPPORTED = {
    "seed-000": [],
    "seed-001": ["551,000", "14.5% (up)", "2.49 million", "7.9% (up)", "212,000"],
    "seed-002": ["$15 billion"],
    "seed-003": ["45,000", "96% (up)"],
    "seed-004": [
        *("$16 billion", "$15 billion", "$16 billion", "69 percent"),
        *("3.083 million", "10.4 percent (up)"),
    ],
}


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_document_is_held_against_all_others(name: str) -> None:
    with open_store(pack_choice([], False, {}), environ=os.environ, notify=print) as store:
        (card,) = store.sources([name])
        data = (Path(TEXTS) / card.file).read_bytes()
        own, _ = own_sources(store, data, data.decode())
        assert name in own
        rows = claims(Figures(store), data.decode(), not_from=own, year=2025)
        assert [row["said"] for row in rows if row["mark"] == "supported"] == SUPPORTED[name]
        assert not [row for row in rows if row["mark"] == "contradicted"]
        assert not {*own} & {each for row in rows for each in listed_in(row, "sources")}
