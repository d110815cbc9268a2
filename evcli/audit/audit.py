"""The whole audit: families, unnamed publishers, claims, plausibility, definitions, roundings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.acknowledged import alike, review
from evcli.audit.claims import Claims, concerned
from evcli.audit.definitions import definitions
from evcli.audit.evidence import ORDER, Evidence, Finding
from evcli.audit.families import Progress, Vintages, audit_families
from evcli.audit.plausibility import all_odd_paces, past_targets
from evcli.audit.rounding import roundings
from evcli.audit.unnamed_publishers import UnnamedPublishers
from evcli.errors import UsageError
from evcli.inference import Family, flows_among
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View, listed_in
from evcli.model.records import Acknowledgement, Claim, Fact, Rank, Series, Source
from evcli.model.vocabulary import Vocabulary
from evcli.query.figures import Figures
from evcli.query.rows import citation
from evcli.query.selection import series_named
from evcli.text.phrases import counted

TOLERANCE = Fraction(1)  # percent of the window
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%?")


def parse_tolerance(text: str, name: str = "tolerance") -> Fraction:
    """A percentage such as ``0.5`` or ``2 %``; UsageError, which names the option, for others.

    >>> parse_tolerance("0.5 %")
    Fraction(1, 2)
    """
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{name}: {text!r} is no percentage", "write a number such as 0.5")
    return Fraction(match[1])


class Material(NamedTuple):
    """Everything that is to be audited."""

    facts: Sequence[Fact]
    series: Mapping[str, Series]
    sources: Sequence[Source]
    words: Vocabulary
    claims: Sequence[Claim] = ()
    acknowledged: Sequence[Acknowledgement] = ()


class Audit(NamedTuple):
    """The outcome: what was found, the gravest first, and how many claims are proved."""

    open: list[Finding]
    acknowledged: list[tuple[Finding, Acknowledgement]]
    stale: list[Acknowledgement]  # entries that explain nothing (any more)
    proved: tuple[str, ...]  # the ids of claims
    facts: int
    sources: Sequence[Source]

    @property
    def fails(self) -> bool:
        """Whether something has to be acknowledged, or was and is gone."""
        return bool(self.stale) or any(found.fails for found in self.open)


def audit_record(
    source: Figures,
    series: Sequence[str] = (),
    *,
    tolerance: Fraction = TOLERANCE,
    progress: Progress | None = None,
) -> Audit:
    """Audit the packs behind *source*, or only what concerns *series* (ids and globs).

    What *source* leaves out stays out: what was published later, and deprecated facts.
    UnknownName for a series that does not exist.
    """
    store = source.store
    every = {each.id: each for each in store.match_series("*")}
    wanted = {each.id for each in series_named(store, series)} if series else None
    material = Material(
        source.facts(list(every)),
        every,
        store.sources(),
        store.vocabulary,
        store.claims(),
        store.acknowledged(),
    )
    return audit(
        material,
        today=date.today(),
        tolerance=tolerance,
        include_deprecated=source.include_deprecated,
        wanted=wanted,
        progress=progress,
    )


def audit(
    material: Material,
    *,
    today: date,
    tolerance: Fraction = TOLERANCE,
    include_deprecated: bool = False,
    wanted: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Audit *material*, or only what concerns the series *wanted*.

    *today* dates targets whose source has no date; *tolerance* is in percent of a window.
    """
    evidence = Evidence.of(
        material.facts,
        material.series,
        material.sources,
        material.words,
        include_deprecated=include_deprecated,
    )
    found: dict[tuple[object, ...], Finding] = {}
    proved: list[str] = []
    only = None if wanted is None else frozenset(wanted)
    for each in _findings(material, evidence, today, tolerance, only, proved, progress):
        if only is None or not only.isdisjoint(each.series):
            found.setdefault((each.verdict, each.facts, each.message), each)
    ordered = sorted(found.values(), key=lambda each: (ORDER[each.verdict], not each.fails))
    present = _present(material, include_deprecated, only)
    same = alike(material.acknowledged, evidence.facts)
    reviewed = review(ordered, material.acknowledged, present, same)
    return Audit(*reviewed, tuple(proved), len(evidence.facts), material.sources)


def _findings(
    material: Material,
    evidence: Evidence,
    today: date,
    tolerance: Fraction,
    wanted: frozenset[str] | None,
    proved: list[str],
    progress: Progress | None,
) -> Iterator[Finding]:
    series, words = material.series, material.words
    families = evidence.families()
    about = [family for family in families if _is_about(family, wanted)]
    audited: dict[str, tuple[Family, Vintages]] = {}
    every = audit_families(about, evidence, tolerance, progress)
    for family, each in zip(about, every, strict=True):
        yield from each.findings
        audited |= dict.fromkeys(family.series, (family, each.vintages))
    yield from UnnamedPublishers(evidence, audited).findings(wanted)
    facts = _trusted(evidence, wanted)
    flows = flows_among(series.values(), words)
    yield from all_odd_paces(facts, series, flows)
    yield from past_targets(material.facts, series, evidence.sources, today)
    claims = [each for each in material.claims if wanted is None or concerned(each, wanted)]
    if claims:
        yield from Claims(evidence, families).findings(claims, proved)
    yield from definitions(facts, series, words)
    yield from roundings(facts, series, words, flows)


def _is_about(family: Family, wanted: frozenset[str] | None) -> bool:
    return wanted is None or not wanted.isdisjoint((*family.series, *family.shares))


def _trusted(evidence: Evidence, wanted: frozenset[str] | None) -> list[Fact]:
    """The facts that are not deprecated, of the series asked for and those like them."""
    facts = [fact for fact in evidence.facts.values() if fact.rank is not Rank.DEPRECATED]
    if wanted is None:
        return facts
    series = evidence.series
    kinds = {(each.subject, each.metric) for id_, each in series.items() if id_ in wanted}
    near = {id_ for id_, each in series.items() if (each.subject, each.metric) in kinds}
    return [fact for fact in facts if fact.series in near]


def _present(
    material: Material, include_deprecated: bool, wanted: frozenset[str] | None
) -> set[str]:
    """The facts and claims that this run has looked at."""
    names = {
        fact.id
        for fact in material.facts
        if (include_deprecated or fact.rank is not Rank.DEPRECATED)
        and (wanted is None or fact.series in wanted)
    }
    names |= {claim.id for claim in material.claims if wanted is None or concerned(claim, wanted)}
    return names


CHECK_COLUMNS = (
    Column("verdict"),
    Column("series", Kind.LIST),
    Column("periods", Kind.LIST),
    Column("facts", Kind.LIST),
    Column("sources", Kind.LIST),
    Column("set_aside", Kind.LIST),
    Column("size", Kind.NUMBER),
    Column("message"),
)
_CHECK_VIEWS = (
    HumanColumn("verdict", View.TEXT, ("verdict",)),
    HumanColumn("series", View.TEXT, ("about",), optional=1),
    HumanColumn("what", View.TEXT, ("message",)),
    HumanColumn("src", View.SOURCES, ("sources",)),
)


def check_answer(found: Audit, *, acknowledged: bool = False) -> Answer:
    """The open findings as rows; with *acknowledged* those that are acknowledged, too.

    Beside the columns a row has ``fails``: whether it has yet to be acknowledged.
    """
    rows = [_row(each) for each in found.open]
    if acknowledged:
        rows += [_explained_row(each, entry) for each, entry in found.acknowledged]
    used = {source for row in rows for source in listed_in(row, "sources")}
    notes = [f"{found.facts:,} facts held together, {counted(len(found.proved), 'claim')} proved"]
    hidden = len(found.acknowledged)
    if hidden and not acknowledged:
        notes.append(f"{counted(hidden, 'finding')} acknowledged (--acknowledged shows them)")
    return Answer(
        CHECK_COLUMNS,
        rows,
        _CHECK_VIEWS,
        notes=tuple(notes),
        footnotes={each.id: citation(each) for each in found.sources if each.id in used},
    )


def _row(found: Finding) -> dict[str, Value]:
    return {
        "verdict": found.verdict.value,
        "series": found.series,
        "periods": found.periods,
        "facts": found.facts,
        "sources": found.sources,
        "set_aside": found.set_aside,
        "size": found.size,
        "message": found.message,
        "about": _named_by(found.series),
        "fails": found.fails,
    }


def _explained_row(found: Finding, entry: Acknowledgement) -> dict[str, Value]:
    message = f"{found.message}; acknowledged: {entry.reason}"
    return _row(found) | {"message": message, "fails": False}


def _named_by(series: Sequence[str]) -> str:
    """The series of a finding as a narrow column has room for them.

    >>> _named_by(["x.nev", "x.all", "x.ice"])
    'x.nev and 2 more'
    """
    if len(series) < 3:
        return " and ".join(series)
    return f"{series[0]} and {len(series) - 1} more"
