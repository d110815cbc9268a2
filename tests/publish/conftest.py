"""The command line as called, a small pack with all that is odd in sources, the whole packaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from evcli.commands.app import run
from evcli.publish.contents import Contents, contents
from evcli.publish.package import FORMATS, write_package
from evcli.query.figures import Figures
from evcli.query.selection import Query
from evcli.store import open_store, pack_choice
from evcli.store.reader import Store
from tests.seeds import SEEDS

PACK = """\
vocabulary:
  subjects:
    - {id: alfa, name: Alfa Cars, kind: maker}
  publishers:
    - {id: bureau, name: Bureau, precision: 1000}
sources:
  - {id: first, title: "50% of R&D_costs in {Hefei} #1 ~ $2^3", outlet: A & B,
     published: 2025-02-03, url: "https://example.org/a_b?c=1&d=%20e#f"}
  - {id: second, title: 奇瑞汽车出口, outlet: 新华社, published: 2025-02, url: "https://example.org/奇瑞"}
  - {id: third, title: "Page on exports, up to 2024; title not recorded", outlet: Third Paper,
     published: 2025}
  - {id: bare, title: A leaflet, outlet: not named in the text}
  - {id: release, title: "Bureau figures for 2024 (not read)", outlet: Bureau, publisher: bureau,
     published: 2025-01-09, read: no}
series:
  - id: a.exports
    title: Vehicles that Alfa exported
    subject: alfa
    metric: exports
    scope: all
    unit: vehicles
    publisher: bureau
    method: maker-reported
    facts:
      - {period: 2024, stated: "over 67,000", source: first, at: p1, origin: release}
      - {period: 2023, stated: "100,000", precision: 1000, source: second, at: p1}
      - {period: 2022, stated: "10.5万", yoy: "增长5%", source: second, at: p2}
      - {period: 2021, stated: "12,345", source: first, at: p3}
      - {period: 2021, stated: "12,999", source: third, at: p3}
      - {period: 2020, stated: "12,001", source: first, at: p4}
      - {period: 2019, stated: "9,999", source: bare, at: p1, rank: deprecated,
         reason: A digit is missing.}
      - {period: 2030, stated: "1 million", source: third, at: p9, status: forecast}
      - {period: 2018, yoy: "nearly doubled", source: third, at: p4}
  - id: a.exports.nev
    title: New-energy vehicles that Alfa exported
    subject: alfa
    metric: exports
    scope: nev
    unit: vehicles
    publisher: bureau
    method: maker-reported
    facts:
      - {period: 2024, stated: "20,001", source: first, at: p1}
      - {period: 2020, stated: "4,001", source: bare, at: p4}
  - id: a.stores
    title: Stores of Alfa abroad
    subject: alfa
    metric: stores
    scope: all
    destination: abroad
    unit: stores
    publisher: alfa
    method: company-count
    facts:
      - {as_of: 2025-06, stated: "60", source: bare, at: p2}
"""


class Told(NamedTuple):
    """What one run printed."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The first line: what is to be quoted."""
        return self.out.partition("\n")[0]


Cite = Callable[..., Told]


@pytest.fixture
def tell(capfd: pytest.CaptureFixture[str]) -> Cite:
    """Run any command line."""

    def ask(*arguments: str) -> Told:
        code = run([*arguments])
        told = capfd.readouterr()
        return Told(code, told.out, told.err)

    return ask


@pytest.fixture
def cite_seeds(tell: Cite) -> Cite:
    """Cite the five documents alone."""
    return lambda *ids: tell("cite", *ids, *SEEDS)


@pytest.fixture(scope="session")
def odd_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack above as a folder."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "facts.yaml").write_text(PACK, "utf-8")
    return folder


@pytest.fixture
def cite_odd(tell: Cite, odd_pack: Path) -> Cite:
    """Cite the pack above alone."""
    return lambda *ids: tell("cite", *ids, "--no-builtin", "--facts", str(odd_pack))


@pytest.fixture(scope="session")
def record() -> Store:
    """The built-in record."""
    return open_store(pack_choice([], False, {}))


def everything(store: Store) -> Contents:
    """All that a store holds."""
    series = store.series(store.all_series_ids())
    return contents(Figures(store), series, Query(), selection="")


@pytest.fixture(scope="session")
def whole(record: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package of the whole record, in every format."""
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("packages") / "whole"
    write_package(folder, everything(record), record.vocabulary, FORMATS)
    return folder
