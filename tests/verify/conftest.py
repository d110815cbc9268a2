"""A pack of one source with a text of its own, and evcli asked about both."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evcli.query.catalogue import named_sources
from evcli.store import open_store, pack_choice
from evcli.store.reader import Store
from evcli.verify import Statements, read_text, verify_answer
from tests.conftest import Process

from .accounts import Uncovered, uncovered

# the words of evcli itself (the scope all, percent, USD, vehicles a year) are always there
BASE = """\
vocabulary:
  subjects: [{id: XX, name: Exland, kind: country}]
  metrics:
    - {id: x-exports, name: Exports of Exland, kind: flow}
    - {id: x-stores, name: Stores of Exland, kind: stock}
    - {id: x-part, name: Part of Exland, kind: share}
  units:
    - {id: x-things, name: things, kind: count}
    - {id: crown, name: Crowns, kind: money, words: [crowns]}
  publishers: [{id: x-office, name: Office of Exland}]
series:
  - {id: x.exports, title: T, subject: XX, metric: x-exports, unit: x-things, publisher: x-office}
  - {id: x.whole, title: T, subject: XX, metric: x-exports, unit: x-things, publisher: x-office,
     method: not-stated}
  - {id: x.stores, title: T, subject: XX, metric: x-stores, unit: x-things, publisher: x-office}
  - {id: x.part, title: T, subject: XX, metric: x-part, unit: percent, publisher: x-office,
     part: x.exports, whole: x.whole}
  - {id: x.money, title: T, subject: XX, metric: x-exports, unit: USD, publisher: x-office}
  - {id: x.crowns, title: T, subject: XX, metric: x-exports, unit: crown, publisher: x-office}
plants:
  - {id: x.plant, maker: XX, country: HU, product: cars}
"""


class Bench:
    """A directory with a pack and texts, and ``evcli verify`` over it."""

    def __init__(self, root: Path, process: Callable[..., Any]) -> None:
        self.pack = root / "pack"
        self.texts = root / "texts"
        self.pack.mkdir()
        self.texts.mkdir()
        (self.pack / "base.yaml").write_text(BASE, encoding="utf-8")
        self._process = process

    def text(
        self, content: str | bytes, name: str = "paper", *, card: str = "", sha256: str = ""
    ) -> None:
        """A source of that name whose text is *content*; *card* adds lines to its card."""
        data = content.encode() if isinstance(content, str) else content
        (self.texts / f"{name}.txt").write_bytes(data)
        self.card(name, sha256 or hashlib.sha256(data).hexdigest(), card)

    def card(self, name: str, sha256: str, more: str = "", file: str = "") -> None:
        """The card of a source."""
        (self.pack / f"card-{name}.yaml").write_text(
            f"sources:\n  - id: {name}\n    title: A paper\n    outlet: Paper\n"
            f"    published: 2025-08-18\n    file: {json.dumps(file or name + '.txt')}\n"
            f"    sha256: {sha256}\n{more}",
            encoding="utf-8",
        )

    def say(self, **sections: str) -> None:
        """What the pack states: ``exports="{...}"`` for facts of x.exports, ``events=...``."""
        lines = []
        for name, text in sections.items():
            entries = "".join(f"      - {line}\n" for line in text.strip().splitlines())
            if name in ("events", "claims", "measures"):
                lines.append(f"{name}:\n{entries}")
            elif name == "plant":
                lines.append(f"plants:\n  - id: x.plant\n    facts:\n{entries}")
        series = "".join(
            f"  - id: x.{name}\n    facts:\n"
            + "".join(f"      - {line}\n" for line in text.strip().splitlines())
            for name, text in sections.items()
            if name not in ("events", "claims", "measures", "plant")
        )
        if series:
            lines.append(f"series:\n{series}")
        if lines:
            (self.pack / "facts.yaml").write_text("".join(lines), encoding="utf-8")

    def run(self, *arguments: str, texts: bool = True, **variables: str) -> Process:
        """``evcli verify`` with these arguments."""
        where = ("--texts", str(self.texts)) if texts else ()
        result: Process = self._process(
            "verify", *arguments, *where, "--no-builtin", "--facts", str(self.pack), **variables
        )
        assert b"Traceback" not in result.stderr, result.stderr.decode()
        return result

    def rows(self, *ids: str) -> list[dict[str, Any]]:
        """The rows of ``evcli verify [SOURCE]...``, asked without the command."""
        with self._store() as store:
            answer = verify_answer(store, named_sources(store, ids), self.texts)
        return [{name.name: row[name.name] for name in answer.columns} for row in answer.rows]

    def uncovered(self) -> list[Uncovered]:
        """The numbers of the texts that nothing accounts for."""
        with self._store() as store:
            sources = named_sources(store, ())
            statements = Statements(store, sources)
            found: list[Uncovered] = []
            for source in sources:
                text = read_text(self.texts, source, statements.money)
                assert isinstance(text, dict)
                found += uncovered(source, text, statements)
        return found

    def _store(self) -> Store:
        choice = pack_choice([self.pack], True, {})
        return open_store(choice, environ=os.environ, notify=lambda _: None)


@pytest.fixture
def bench(tmp_path: Path, evcli_run: Callable[..., Any]) -> Bench:
    """An empty pack and an empty directory of texts."""
    return Bench(tmp_path, evcli_run)
