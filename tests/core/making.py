"""Small facts, series and figures for tests of the core."""

from __future__ import annotations

from fractions import Fraction

from evcli.core.resolve import figure_id
from evcli.model.figure import Figure, Stated
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Change, Fact, Rank, Series, Status
from evcli.model.vocabulary import (
    Destination,
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
from evcli.text.stated import parse_change, parse_stated

VEHICLES = Unit("vehicles", "vehicles", UnitKind.COUNT)

WORDS = Vocabulary(
    subjects={
        "CN": Subject("CN", "China", SubjectKind.COUNTRY),
        "byd": Subject("byd", "BYD", SubjectKind.MAKER),
        "saic": Subject("saic", "SAIC", SubjectKind.MAKER),
        "mg": Subject("mg", "MG", SubjectKind.BRAND, part_of=("saic",)),
    },
    metrics={
        "exports": Metric("exports", "Exports", MetricKind.FLOW),
        "sales": Metric("sales", "Sales", MetricKind.FLOW),
        "stores": Metric("stores", "Stores", MetricKind.STOCK),
    },
    scopes={
        "all": Scope("all", "All"),
        "nev": Scope("nev", "NEV", ("all",)),
        "ice": Scope("ice", "ICE", ("all",)),
        "bev": Scope("bev", "BEV", ("nev",)),
        "passenger": Scope("passenger", "Passenger", ("all",)),
    },
    partitions=(Partition("all", ("nev", "ice")),),
    destinations={
        "europe": Destination("europe", "Europe", ("DE", "FR")),
        "DE": Destination("DE", "Germany"),
        "FR": Destination("FR", "France"),
        "MX": Destination("MX", "Mexico"),
    },
    publishers={
        "caam": Publisher("caam", "CAAM"),
        "nbs": Publisher("nbs", "NBS"),
        "byd": Publisher("byd", "BYD", "maker"),
        "saic": Publisher("saic", "SAIC", "maker"),
    },
)


def series(id_: str = "cn.exports.all.caam", **changes: str) -> Series:
    """A series; China's exports of all vehicles by CAAM unless changed."""
    fields = {
        "title": "t",
        "subject": "CN",
        "metric": "exports",
        "scope": "all",
        "destination": "world",
        "unit": "vehicles",
        "publisher": "caam",
        "method": "m",
    }
    return Series(id_, **{**fields, **changes})


def fact(
    stated: str = "",
    *,
    source: str = "s1",
    period: str = "2025",
    yoy: str = "",
    mom: str = "",
    change: tuple[str, str] | None = None,
    origin: str = "",
    rank: Rank = Rank.NORMAL,
    status: Status = Status.NORMAL,
    published: str = "",
    own: bool = False,
    kind: str = "",
) -> Fact:
    """A fact of vehicles, read by the real grammar."""
    return Fact(
        id=f"x@{period}#{source}",
        series="cn.exports.all.caam",
        period=parse_period(period),
        source=source,
        origin=origin or source,
        at=("p1",),
        stated=stated,
        quantity=parse_stated(stated, VEHICLES) if stated else None,
        yoy_stated=yoy,
        yoy=parse_change(yoy) if yoy else None,
        mom_stated=mom,
        mom=parse_change(mom) if mom else None,
        change=Change(change[0], parse_change(change[0]), change[1]) if change else None,
        rank=rank,
        status=status,
        published=published,
        own=own,
        kind=kind,
    )


def figure(
    value: int | str | None,
    low: int | str | None,
    high: int | str | None,
    *,
    of: Series | None = None,
    period: str = "2025",
) -> Figure:
    """A stated figure with the bounds given."""
    one = of or series()
    at = parse_period(period)
    return Figure(
        figure_id(one, at),
        one,
        at,
        None if value is None else Fraction(value),
        Bounds(None if low is None else Fraction(low), None if high is None else Fraction(high)),
        Stated(()),
        one.unit,
    )


__all__ = ["WORDS", "Quantity", "fact", "figure", "series"]
