"""A small valid pack for the tests, and what they call their fixtures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evcli.model.records import Record

Write = Callable[..., Path]
Problems = Callable[[str], list[str]]
Loaded = Callable[[str], Record]

BASE = """\
vocabulary:
  subjects:
    - {id: CN, name: China, kind: country, aliases: [中国]}
    - {id: byd, name: BYD, kind: maker, aliases: [比亚迪]}
    - {id: saic, name: SAIC, kind: group}
    - {id: mg, name: MG, kind: brand, part_of: [saic]}
  metrics:
    - {id: exports, name: Exports, kind: flow}
    - {id: stores, name: Stores, kind: stock}
    - {id: export-share, name: Share of exports, kind: share}
  scopes:
    - {id: all, name: All vehicles}
    - {id: nev, name: New-energy vehicles, part_of: [all]}
    - {id: ice, part_of: all}
  partitions: [{whole: all, parts: [nev, ice]}]
  destinations: [{id: europe, name: Europe, members: [HU, DE], as_of: 2025}]
  units:
    - {id: vehicles, name: vehicles, kind: count, words: [cars]}
    - {id: percent, name: percent, kind: percent}
    - {id: vehicles/year, name: vehicles a year, kind: rate}
    - {id: THB, name: Thai baht, kind: money, words: [baht]}
  methods: [{id: maker-reported, name: Reported by makers, definition: As reported}]
  publishers: [{id: caam, name: CAAM, precision: 1000}]
sources:
  - {id: caam-2025-06, title: CAAM release, outlet: CAAM, publisher: caam, published: 2025-06-11}
  - {id: paper, title: A paper, outlet: Paper, origin: caam-2025-06, file: paper.txt}
  - {id: blog, title: A blog, outlet: Blog, origin: paper, read: no}
series:
  - {id: cn.exports.nev, title: NEV exports, subject: CN, metric: exports, scope: nev,
     unit: vehicles, publisher: caam, method: maker-reported}
  - {id: cn.exports.all, title: All exports, subject: CN, metric: exports, unit: vehicles,
     publisher: caam}
  - {id: byd.stores, title: BYD stores, subject: byd, metric: stores, unit: vehicles,
     publisher: byd, destination: HU}
plants:
  - {id: byd.szeged, maker: byd, country: HU, city: Szeged, product: vehicles}
"""


def facts(*lines: str) -> str:
    """A file that adds facts to the series of new-energy exports; the first stands in line 4."""
    items = "".join(f"      - {line}\n" for line in lines)
    return f"series:\n  - id: cn.exports.nev\n    facts:\n{items}"
