"""The whole audit: families, unnamed publishers, claims, plausibility, definitions, roundings."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from evcli.audit.claims import Claims, concerned
from evcli.audit.comparisons import definitions, odd_paces, past_targets, roundings
from evcli.audit.evidence import Evidence, Finding, Verdict
from evcli.audit.families import (
    MOST_PIVOTS,
    Progress,
    Vintages,
    audit_families,
    bearing_on,
    unnamed_publishers,
)
from evcli.errors import UsageError
from evcli.grouping import grouped
from evcli.inference.family import Family, flows_among
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View, views_of
from evcli.model.period import today as this_day
from evcli.model.records import Acknowledgement, Fact, Rank, Record, Source
from evcli.query.figures import Figures
from evcli.query.rows import citation
from evcli.query.selection import series_named
from evcli.text.lists import counted

_NEAR = (
    "held together were the series asked for, what they lie in and what lies in them: "
    "{:,} of {:,} series that are tied to one another; without a selection all are"
)
_ALONE = (
    "{:,} series were each held against itself alone, and against others only where a part "
    "exceeds its whole: together they take more than {:,} pivots"
)
TOLERANCE = Fraction(1)  # percent of the window
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%?")


def parse_tolerance(text: str, name: str = "tolerance") -> Fraction:
    """A percentage such as ``0.5`` or ``2 %``; UsageError, which names the option, for others.

    >>> parse_tolerance("0.5 %")
    Fraction(1, 2)
    """
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{name}: {text!r} is not a percentage", "write a number such as 0.5")
    return Fraction(match[1])


class Audit(NamedTuple):
    """The outcome: what was found, the gravest first, and how many claims are proved."""

    open: list[Finding]
    acknowledged: list[tuple[Finding, Acknowledgement]]
    stale: list[Acknowledgement]  # entries that explain nothing (any more)
    proved: tuple[str, ...]  # the ids of claims
    facts: int
    sources: Sequence[Source]
    apart: Sequence[str] = ()  # what was not held together, and why, in words

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
    record = Record(
        store.vocabulary,
        {each.id: each for each in store.sources()},
        every,
        tuple(source.facts(list(every))),
        claims=tuple(store.claims()),
        acknowledged=tuple(store.acknowledged()),
    )
    found = audit(
        record,
        today=this_day(),
        tolerance=tolerance,
        include_deprecated=source.include_deprecated,
        wanted=wanted,
        progress=progress,
    )
    # what an acknowledgement rests on may be left out
    return found if source.as_of is None else found._replace(stale=[])


def audit(
    record: Record,
    *,
    today: date,
    tolerance: Fraction = TOLERANCE,
    include_deprecated: bool = False,
    wanted: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Audit *record*, or only what concerns the series *wanted*.

    Deprecated facts add the findings in which they take part: they change nothing about others.
    *today* dates targets whose source has no date; *tolerance* is in percent of a window.
    """
    series, words = record.series, record.vocabulary
    only = frozenset(series if wanted is None else wanted)
    claims = [each for each in record.claims if concerned(each, only)]
    apart: dict[str, None] = {}

    def held_together(evidence: Evidence) -> tuple[list[Family], list[Finding]]:
        families = evidence.families()
        tied = [each for each in families if not only.isdisjoint((*each.series, *each.shares))]
        about = [bearing_on(each, only) for each in tied]
        for family, every in zip(about, tied, strict=True):
            if family is not every:
                apart[_NEAR.format(len(family.series), len(every.series))] = None
        found: list[Finding] = []
        audited: dict[str, tuple[Family, Vintages]] = {}
        audits = audit_families(about, evidence, tolerance, progress)
        for family, each in zip(about, audits, strict=True):
            found += each.findings
            if each.alone:
                apart[_ALONE.format(each.alone, MOST_PIVOTS)] = None
            audited |= dict.fromkeys(family.series, (family, each.vintages))
        return families, [*found, *unnamed_publishers(evidence, audited, only)]

    evidence = Evidence.of(record)
    families, found = held_together(evidence)
    known = evidence.facts
    if include_deprecated:  # beside what the others show without them
        everything = Evidence.of(record, include_deprecated=True)
        known, sound = everything.facts, evidence.facts.keys()
        more = (each for each in held_together(everything)[1] if not each.names <= sound)
        found += [each._replace(deprecated=True) for each in more]
    kind = {id_: (each.subject, each.metric) for id_, each in series.items()}
    near = {kind[id_] for id_ in only}  # and what is like them
    facts = [each for each in evidence.facts.values() if kind[each.series] in near]
    flows = flows_among(series.values(), words)
    for id_, own in grouped(facts, attrgetter("series")).items():
        if id_ in flows:
            found += odd_paces(own, series[id_].unit)
    found += past_targets(record.facts, series, today)
    proved: list[str] = []
    found += Claims(evidence, families).findings(claims, proved)
    found += definitions(facts, series, words)
    found += roundings(facts, series, words, flows)
    about = (each for each in found if not only.isdisjoint(each.series))
    different = grouped(about, attrgetter("verdict", "facts", "message")).values()
    order = [*Verdict].index
    ordered = sorted(
        (first for first, *_ in different), key=lambda each: (order(each.verdict), not each.fails)
    )
    present = {claim.id for claim in claims} | {
        fact.id
        for fact in record.facts
        if fact.series in only and (include_deprecated or fact.rank is not Rank.DEPRECATED)
    }
    open_, explained, stale = review(ordered, record.acknowledged, present, known)
    sources = tuple(record.sources.values())
    return Audit(open_, explained, stale, tuple(proved), len(known), sources, tuple(apart))


def review(
    findings: Iterable[Finding],
    entries: Sequence[Acknowledgement],
    present: Set[str],
    facts: Mapping[str, Fact],
) -> tuple[list[Finding], list[tuple[Finding, Acknowledgement]], list[Acknowledgement]]:
    """Findings still open, findings with the entry that explains them, and stale entries.

    An entry names a finding where the verdict is the same and every fact and claim of the finding
    is among those it lists, or says the same of the same window as one of them: which of the pages
    that print a figure is named first must not matter. A revision is named by two of its facts
    already, say the figure restated and one of the release: which others show it too depends on
    all that is known. An entry is stale unless the findings it names use up its list, and only
    where all its facts are *present*.
    """
    alike = _alike(entries, facts)
    open_: list[Finding] = []
    explained: list[tuple[Finding, Acknowledgement]] = []
    left = [set(entry.facts) for entry in entries]
    for found in findings:
        naming = [at for at, entry in enumerate(entries) if _names(entry, found, alike)]
        for at in naming:
            left[at] = {each for each in left[at] if found.names.isdisjoint(alike[each])}
        if naming:
            explained.append((found, entries[naming[0]]))
        else:
            open_.append(found)
    stale = [
        entry
        for entry, unused in zip(entries, left, strict=True)
        if unused and present >= set(entry.facts)
    ]
    return open_, explained, stale


def _names(entry: Acknowledgement, found: Finding, alike: Mapping[str, Set[str]]) -> bool:
    if entry.verdict != found.verdict:
        return False
    listed = [alike[each] for each in entry.facts]
    if found.names <= frozenset().union(*listed):
        return True
    several = found.verdict is Verdict.REVISION and len(set(entry.facts)) > 1
    return several and not any(map(found.names.isdisjoint, listed))


def _alike(entries: Iterable[Acknowledgement], facts: Mapping[str, Fact]) -> dict[str, set[str]]:
    """For all that *entries* list, itself and the facts that say the same of the same window."""
    windows = grouped(facts.values(), attrgetter("series", "period"))
    found = {each: {each} for entry in entries for each in entry.facts}
    for name, same in found.items():
        listed = facts.get(name)
        if listed is not None:
            rivals = windows[listed.series, listed.period]
            same.update(each.id for each in rivals if _agree(listed, each))
    return found


def _agree(one: Fact, other: Fact) -> bool:
    """Whether two facts state values that can be the same, and changes that can."""
    pairs = ((one.quantity, other.quantity), (one.yoy, other.yoy), (one.mom, other.mom))
    stated = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(stated) and all(a.bounds.intersect(b.bounds) is not None for a, b in stated)


def stale_message(entry: Acknowledgement) -> str:
    """What is wrong with a stale entry, and where it stands."""
    place = f"{entry.place.file}:{entry.place.line}: " if entry.place else ""
    what = f"the acknowledged {entry.verdict} of {', '.join(entry.facts)}"
    return f"{place}{what} does not occur (any more)"


CHECK_COLUMNS = (
    Column("verdict", shown=HumanColumn("verdict")),
    Column("series", Kind.LIST, shown=HumanColumn("series", fields=("about",), optional=1)),
    Column("periods", Kind.LIST),
    Column("facts", Kind.LIST),
    Column("sources", Kind.LIST),
    Column("set_aside", Kind.LIST),
    Column("size", Kind.NUMBER),
    Column("message", shown=HumanColumn("what")),
)
_CHECK_VIEWS = (*views_of(CHECK_COLUMNS), HumanColumn("src", View.SOURCES, ("sources",)))


def check_answer(found: Audit, *, acknowledged: bool = False) -> Answer:
    """The open findings as rows; with *acknowledged* those that are acknowledged, too.

    Beside the columns a row has ``fails``: whether it has yet to be acknowledged.
    """
    explained = found.acknowledged if acknowledged else []
    rows = [_row(each) for each in found.open]
    rows += [_row(each, f"; acknowledged: {entry.reason}") for each, entry in explained]
    shown = (*found.open, *(each for each, _ in explained))
    used = {source for each in shown for source in each.sources}
    notes = [f"{found.facts:,} facts held together, {counted(len(found.proved), 'claim')} proved"]
    hidden = len(found.acknowledged)
    if hidden and not acknowledged:
        notes.append(f"{counted(hidden, 'finding')} acknowledged (--acknowledged shows them)")
    return Answer(
        CHECK_COLUMNS,
        rows,
        _CHECK_VIEWS,
        notes=tuple(notes),
        warnings=tuple(found.apart),
        footnotes=lambda: {each.id: citation(each) for each in found.sources if each.id in used},
    )


def _row(found: Finding, explained: str = "") -> dict[str, Value]:
    row: dict[str, Value] = {each.name: getattr(found, each.name) for each in CHECK_COLUMNS}
    first, *others = found.series  # a narrow column has room for two
    return row | {
        "verdict": found.verdict.value,
        "message": found.message + explained,
        "about": " and ".join([first, *(others if len(others) < 2 else [f"{len(others)} more"])]),
        "fails": found.fails and not explained,
    }
