"""Small packs by hand, and ``evcli check`` over them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evcli.audit.audit import Audit, audit
from evcli.audit.evidence import Finding
from evcli.loader.packs import load
from evcli.model import Pack

TODAY = date(2026, 6, 1)
WORDS = """\
vocabulary:
  subjects: [{id: XX, name: Exland, kind: country}]
  metrics:
    - {id: x-exports, name: Exports of Exland, kind: flow}
    - {id: x-stores, name: Stores of Exland, kind: stock}
    - {id: x-part, name: Share of Exland, kind: share}
  publishers:
    - {id: x-office, name: Office of Exland, precision: 1000}
    - {id: x-bureau, name: Bureau of Exland, precision: 1000}
  methods:
    - {id: x-counted, name: Counted, definition: d}
    - {id: x-asked, name: Asked, definition: d}
sources:
  - {id: a, title: A, outlet: A}
  - {id: b, title: B, outlet: B}
  - {id: c, title: C, outlet: C}
  - {id: d, title: D, outlet: D, origin: c}
  - {id: may, title: May, outlet: Office, publisher: x-office, published: 2025-06-11}
  - {id: june, title: June, outlet: Office, publisher: x-office, published: 2025-07-10}
  - {id: july, title: July, outlet: Office, publisher: x-office, published: 2025-08-11}
  - {id: last-may, title: May 24, outlet: Office, publisher: x-office, published: 2024-06-11}
  - {id: paper-1, title: P, outlet: P, published: 2025-07-11, origin: june}
  - {id: paper-2, title: P, outlet: P, published: 2025-08-12, origin: july}
  - {id: dated, title: P, outlet: P, published: 2026-02-23}
series:
  - {id: x.all, title: All of Exland, subject: XX, metric: x-exports, scope: all, unit: vehicles, publisher: x-office, method: x-counted}
  - {id: x.nev, title: NEVs of Exland, subject: XX, metric: x-exports, scope: nev, unit: vehicles, publisher: x-office, method: x-counted}
  - {id: x.ice, title: Others of Exland, subject: XX, metric: x-exports, scope: ice, unit: vehicles, publisher: x-office, method: x-counted}
  - {id: x.bureau, title: NEVs by the Bureau, subject: XX, metric: x-exports, scope: nev, unit: vehicles, publisher: x-bureau, method: x-asked}
  - {id: x.unnamed, title: EVs of Exland, subject: XX, metric: x-exports, scope: ev, unit: vehicles, publisher: unnamed, method: not-stated}
  - {id: x.stores, title: Stores, subject: XX, metric: x-stores, unit: stores, publisher: x-office, method: x-counted}
  - {id: x.share, title: Share, subject: XX, metric: x-part, scope: nev, unit: percent, publisher: x-office, method: ratio-of-counts, part: x.nev, whole: x.all}
"""  # noqa: E501

Facts = dict[str, list[str]]


class Bench:
    """A pack that grows fact by fact."""

    def __init__(self, root: Path, process: Callable[..., Any]) -> None:
        self.pack = root / "pack"
        self.pack.mkdir()
        (self.pack / "words.yaml").write_text(WORDS, encoding="utf-8")
        self._process = process
        self._facts: Facts = {}
        self._more: list[str] = []

    def facts(self, series: str, *facts: str) -> None:
        """Facts of a series, each the inside of a YAML mapping."""
        self._facts.setdefault(series, []).extend(facts)

    def more(self, yaml: str) -> None:
        """Anything else: claims, acknowledged."""
        self._more.append(yaml)

    def write(self) -> None:
        for number, (series, facts) in enumerate(self._facts.items()):
            lines = "".join(f"      - {{at: p1, {fact}}}\n" for fact in facts)
            text = f"series:\n  - id: {series}\n    facts:\n{lines}"
            (self.pack / f"facts-{number}.yaml").write_text(text, encoding="utf-8")
        for number, text in enumerate(self._more):
            (self.pack / f"more-{number}.yaml").write_text(text, encoding="utf-8")

    def audit(self, **options: Any) -> Audit:
        """The audit itself, without the command."""
        self.write()
        root = Path(__file__).parents[2]
        record = load([Pack(root / "facts", builtin=True, definitions_only=True), Pack(self.pack)])
        options.setdefault("today", TODAY)
        return audit(record, **options)

    def found(self, verdict: str = "", **options: Any) -> list[Finding]:
        """The open findings of a verdict, or all."""
        return [
            each for each in self.audit(**options).open if not verdict or each.verdict == verdict
        ]

    def run(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        """``evcli check``; its rows. What it says on stderr is kept as ``told``."""
        self.write()
        done = self._process(
            "check", *arguments, "--no-builtin", "--facts", str(self.pack), "--format", "json"
        )
        self.told = done.stderr.decode()
        assert done.returncode == code, self.told
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows


@pytest.fixture
def bench(tmp_path: Path, evcli_run: Callable[..., Any]) -> Bench:
    return Bench(tmp_path, evcli_run)
