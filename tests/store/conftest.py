"""A small record written by hand, and packs of files with one source each."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evcli.model.period import Period, parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import (
    Acknowledgement,
    Change,
    Claim,
    Event,
    Fact,
    LeftOut,
    Measure,
    Place,
    Plant,
    PlantAspect,
    PlantFact,
    Rank,
    Record,
    Series,
    Source,
    SourceProblem,
    Status,
)
from evcli.model.vocabulary import (
    Destination,
    Method,
    Metric,
    MetricKind,
    Partition,
    Publisher,
    Scope,
    Subject,
    SubjectKind,
    Unit,
    UnitKind,
    Vocabulary,
)
from evcli.store import Store
from evcli.store.build import build
from tests.stores import store_of


def by_id(*words: Any) -> dict[str, Any]:
    return {word.id: word for word in words}


def a_series(id: str, title: str, **fields: str) -> Series:
    facets = {
        "subject": "CN",
        "metric": "exports",
        "scope": "nev",
        "destination": "world",
        "unit": "vehicles",
        "publisher": "caam",
        "method": "customs",
    }
    return Series(id, title, **(facets | fields))


def a_fact(series: str, period: str, source: str, **fields: Any) -> Fact:
    id = f"{series}@{period}#{source}"
    return Fact(id, series, parse_period(period), source, source, ("p1",), **fields)


@pytest.fixture(scope="session")
def record() -> Record:
    vocabulary = Vocabulary(
        subjects=by_id(
            Subject("CN", "China", SubjectKind.COUNTRY, ("中国", "PRC")),
            Subject("HU", "Hungary", SubjectKind.COUNTRY, ("匈牙利",)),
            Subject("byd", "BYD", SubjectKind.MAKER, ("比亚迪",)),
            Subject("chery", "Chery", SubjectKind.MAKER, ("奇瑞", "Chery Automobile")),
            Subject("great-wall", "Great Wall Motor", SubjectKind.MAKER, ("长城", "GW")),
            Subject("gw", "Gateway", SubjectKind.GROUP),
            Subject("citroen", "Citroën", SubjectKind.BRAND, ("Shared",), ("stellantis",)),
            Subject("stellantis", "Stellantis", SubjectKind.MAKER, ("Shared",)),
        ),
        metrics=by_id(
            Metric("exports", "Exports", MetricKind.FLOW, "Left the country", ("出口",)),
            Metric("overseas-sales", "Overseas sales", MetricKind.FLOW),
        ),
        scopes=by_id(
            Scope("all", "All vehicles"),
            Scope("nev", "New-energy vehicles", ("all",), "with a plug", ("新能源汽车",)),
        ),
        destinations=by_id(Destination("europe2", "Europe", ("DE", "FR"), "2025", ("欧洲",))),
        units=by_id(Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "辆"))),
        methods=by_id(Method("customs", "Customs records", "Counted at the border")),
        publishers=by_id(
            Publisher(
                "caam",
                "China Association of Automobile Manufacturers",
                "",
                Fraction(1000),
                ("中汽协",),
            )
        ),
        partitions=(Partition("all", ("nev", "ice")),),
    )
    june = Quantity(Fraction(212000), Bounds(Fraction(211500), Fraction(212500)), "", "vehicles")
    growth = Quantity(None, Bounds(Fraction(239, 2), None), "over", "percent")
    nev = "cn.exports.nev.caam"
    return Record(
        vocabulary=vocabulary,
        sources=by_id(
            Source(
                "caam-2025-06",
                "CAAM release, May 2025",
                "CAAM",
                "caam",
                parse_period("2025-06-11"),
                "https://example.org/may?x=1#y",
            ),
            Source(
                "paper",
                "中国电动车出口激增",
                "Financial Times",
                published=parse_period("2025"),
                origin="caam-2025-06",
                note="quotes the Café Müller study",
            ),
            Source(
                "seed-001",
                "Trade report",
                "Institute",
                read=False,
                file="trade.pdf",
                sha256="ab" * 32,
                problems=(
                    SourceProblem(("p1", "p3"), "totals\ndiffer"),
                    SourceProblem((), r"back\slash"),
                ),
                left_out=(LeftOut("p9", "2007", "a year"), LeftOut("", "", "")),
            ),
        ),
        series=by_id(
            a_series(nev, "New-energy vehicles exported from China", note="month by month"),
            a_series(
                "byd.overseas",
                "BYD sold abroad",
                subject="byd",
                metric="overseas-sales",
                publisher="byd",
                method="",
            ),
            a_series(
                "chery.exports.to-be",
                "Chery exports to Belgium",
                subject="chery",
                destination="BE",
                scope="all",
            ),
        ),
        facts=(
            a_fact(
                nev,
                "2025-05",
                "caam-2025-06",
                stated="212,000",
                quantity=june,
                yoy_stated="over 119.5%",
                yoy=growth,
                own=True,
                published="2025-06-11",
                place=Place("facts/a.yaml", 7, 9),
            ),
            a_fact(nev, "2025-05", "paper", stated="212,000", quantity=june, published="2025"),
            a_fact(
                nev,
                "2025-01/2025-05",
                "seed-001",
                rank=Rank.DEPRECATED,
                reason="misprint",
                change=Change("nearly doubled", growth, "P3Y"),
                status=Status.FORECAST,
                reading="by the text",
                note="line\nbreak\0 and 汉字",
            ),
            a_fact(
                "byd.overseas",
                "2024",
                "seed-001",
                printed="41.7万",
                mom_stated="",
                mom=Quantity(None, Bounds(), "", ""),
            ),
            a_fact("byd.overseas", "undated", "seed-001"),
        ),
        events=(
            Event(
                "e1",
                parse_period("2024-02"),
                "policy",
                "CN",
                "Export rules eased",
                "paper",
                ("p1",),
            ),
            Event(
                "e2",
                parse_period("2025-03-01"),
                "opening",
                "byd",
                "Store in Győr opened",
                "paper",
                (),
                Rank.DEPRECATED,
                "a mix-up",
                "first of ten",
            ),
        ),
        measures=(
            Measure(
                "eu.cvd.byd",
                "EU",
                "countervailing-duty",
                "definitive",
                "BEV from CN",
                "paper",
                ("p1",),
                "byd",
                "17.0%",
                Quantity(Fraction(17), Bounds.exactly(Fraction(17)), "", "percent"),
                "percent",
                "10%",
                "minimum",
                "quota",
                parse_period("2024-10-30"),
                Period(None, None),
                (("2025-01-01", "2025-02-01"), ("2026", "")),
                ("eu.cvd.provisional.byd",),
                ("eu.cvd.all",),
                ("blog", "seed-001"),
                Rank.DEPRECATED,
                "a mix-up",
                "note",
                Place("facts/b.yaml", 1),
            ),
            Measure("us.tariff", "US", "tariff", "adopted", "EV from CN", "paper", ()),
        ),
        plants=(
            Plant(
                "byd.szeged",
                ("byd",),
                "HU",
                "Szeged",
                "works 2",
                "vehicles",
                note="greenfield",
                facts=(
                    PlantFact(
                        "byd.szeged/status",
                        "byd.szeged",
                        PlantAspect.STATUS,
                        "under-construction",
                        "seed-001",
                        ("p8",),
                        parse_period("2025"),
                    ),
                    PlantFact(
                        "byd.szeged/capacity",
                        "byd.szeged",
                        PlantAspect.CAPACITY,
                        "150,000",
                        "paper",
                        ("p2",),
                        parse_period("2025-06"),
                        june,
                        planned=True,
                        phase="1",
                    ),
                ),
            ),
            Plant(
                "chery.barcelona",
                ("chery", "ebro"),
                "ES",
                partner=("ebro",),
                kind="joint-venture",
                place=Place("facts/c.yaml", 3),
            ),
        ),
        claims=(Claim("c1", f"{nev}@2024 > byd.overseas@2024", "paper", ("p1",)),),
        acknowledged=(Acknowledgement(("f1", "f2"), "revision", "restated"),),
    )


@pytest.fixture
def store(record: Record) -> Any:
    with store_of(record) as opened:
        yield opened


@dataclass
class Compiler:
    """Counts the stores that are made, and knows where files were named from."""

    stores: int = 0
    directory: str = ""


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> Compiler:
    spy, put_rest = Compiler(), build.__globals__["_put_rest"]

    def counted(*arguments: Any) -> Any:
        good = put_rest(*arguments)
        spy.stores += good
        spy.directory = str(Path.cwd())
        return good

    monkeypatch.setitem(build.__globals__, "_put_rest", counted)
    return spy


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with one built-in file."""
    path = tmp_path / "installed" / "evcli"
    (path.parent / "facts").mkdir(parents=True)
    path.mkdir()
    write_old(path.parent / "facts" / "one.yaml", "built-in")
    for module in ("cache", "opening"):
        monkeypatch.setattr(f"evcli.store.{module}.PACKAGE", path)
    return path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack of one file, written an hour ago."""
    path = tmp_path / "pack"
    path.mkdir()
    write_old(path / "a.yaml", "first")
    return path


def write_old(path: Path, text: str, hours: float = 1) -> None:
    """Write a file as if that many hours ago, a fact file with one source of that title."""
    path.write_text(source(path, text) if path.suffix == ".yaml" else text, encoding="utf-8")
    then = time.time_ns() - int(hours * 3600 * 10**9)
    os.utime(path, ns=(then, then))


def source(path: Path, title: str) -> str:
    """A fact file at *path* with one source."""
    name = f"{path.parent.name}-{path.stem}".replace("_", "-")
    name = name if name.isascii() and " " not in name else "odd"
    return f'sources: [{{id: {name}, title: "{title}", outlet: O}}]\n'


def titles(store: Store) -> list[str]:
    with store:
        return sorted(source.title for source in store.sources())
