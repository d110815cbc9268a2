"""The whole audit: families, counters, claims, plausibility, definitions and roundings.

Families have nothing in common, so each can be audited by itself. Processes are forked, since
they then share what has been read; where that cannot be, and for little work, one does it all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.acknowledged import Sorted, alike, sort_out
from evcli.audit.claims import Claims, concerned
from evcli.audit.counters import Readings
from evcli.audit.definitions import definitions
from evcli.audit.evidence import ORDER, Evidence, Finding
from evcli.audit.plausibility import all_odd_paces, past_targets
from evcli.audit.revisions import Standing, Together
from evcli.audit.rounding import roundings
from evcli.inference import Family
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.model.records import Acknowledgement, Claim, Fact, Rank, Series, Source
from evcli.model.vocabulary import MetricKind, Vocabulary
from evcli.text.phrases import counted

Progress = Callable[[int, int], None]
_LITTLE = 400  # statements that are audited before another process would have begun


class Audited(NamedTuple):
    """What was found in one family, what had to be set aside, and what stands."""

    findings: tuple[Finding, ...]
    set_aside: frozenset[str]
    standing: Standing


def audited(
    families: Sequence[Family], together: Together, progress: Progress | None = None
) -> list[Audited]:
    """Every family audited, in the order given; *progress* hears how many are done."""
    found: dict[int, Audited] = {}
    for at, each in _all(families, together):
        found[at] = each
        if progress is not None:
            progress(len(found), len(families))
    return [found[at] for at in range(len(families))]


def _all(families: Sequence[Family], together: Together) -> Iterator[tuple[int, Audited]]:
    sizes = [len(family.statements) for family in families]
    processors = os.cpu_count() or 1
    if processors == 1 or not hasattr(os, "fork") or sum(sizes) < _LITTLE:
        for at, family in enumerate(families):
            yield at, _one(family, together)
        return
    from multiprocessing import get_context

    global _families, _together
    _families, _together = families, together
    largest_first = sorted(range(len(families)), key=lambda at: -sizes[at])
    with get_context("fork").Pool(processors, _leave_interrupts_to_the_parent) as pool:
        yield from pool.imap_unordered(_forked, largest_first)


def _one(family: Family, together: Together) -> Audited:
    before = frozenset(together.set_aside)
    findings: list[Finding] = []
    running = together.findings(family)
    while True:
        try:
            findings.append(next(running))
        except StopIteration as end:
            aside = frozenset(together.set_aside) - before
            return Audited(tuple(findings), aside, end.value)


_families: Sequence[Family] = ()  # what forked processes inherit
_together: Together


def _forked(at: int) -> tuple[int, Audited]:
    return at, _one(_families[at], _together)


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


TOLERANCE = Fraction(1)  # percent of the window


class Material(NamedTuple):
    """Everything that is to be audited."""

    facts: Sequence[Fact]
    series: Mapping[str, Series]
    sources: Sequence[Source]
    words: Vocabulary
    claims: Sequence[Claim] = ()
    acknowledged: Sequence[Acknowledgement] = ()


class Audit(NamedTuple):
    """The outcome: findings sorted by gravity, and how many claims are proved."""

    sorted: Sorted
    proved: tuple[str, ...]
    facts: int

    @property
    def fails(self) -> bool:
        """Whether something has to be acknowledged, or was and is gone."""
        return bool(self.sorted.stale) or any(found.fails for found in self.sorted.open)


def check(
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
    book = Evidence.of(
        material.facts,
        material.series,
        material.sources,
        material.words,
        include_deprecated=include_deprecated,
    )
    found: dict[tuple[object, ...], Finding] = {}
    proved: list[str] = []
    only = None if wanted is None else frozenset(wanted)
    for each in _findings(material, book, today, tolerance, only, proved, progress):
        if only is None or not only.isdisjoint(each.series):
            found.setdefault((each.verdict, each.facts, each.message), each)
    ordered = sorted(found.values(), key=lambda each: (ORDER[each.verdict], not each.fails))
    present = _present(material, book, only)
    same = alike(material.acknowledged, book.facts)
    outcome = sort_out(ordered, material.acknowledged, present, same)
    return Audit(outcome, tuple(proved), len(book.facts))


def _findings(
    material: Material,
    book: Evidence,
    today: date,
    tolerance: Fraction,
    wanted: frozenset[str] | None,
    proved: list[str],
    progress: Progress | None,
) -> Iterator[Finding]:
    families = book.families()
    together = Together(book, tolerance)
    about = [family for family in families if _about(family, wanted)]
    standing: dict[str, tuple[Family, Standing]] = {}
    for family, each in zip(about, audited(about, together, progress), strict=True):
        yield from each.findings
        standing |= dict.fromkeys(family.series, (family, each.standing))
    yield from Readings(book, standing).findings(wanted)
    facts = _trusted(book, wanted)
    flows = frozenset(
        each.id
        for each in material.series.values()
        if each.metric in material.words.metrics
        and material.words.metrics[each.metric].kind is MetricKind.FLOW
    )
    yield from all_odd_paces(facts, material.series, flows)
    yield from past_targets(material.facts, material.series, book.sources, today)
    claims = [each for each in material.claims if wanted is None or concerned(each, wanted)]
    if claims:
        yield from Claims(book, families).findings(claims, proved)
    yield from definitions(facts, material.series, material.words)
    yield from roundings(facts, material.series, material.words, flows)


def _about(family: Family, wanted: frozenset[str] | None) -> bool:
    return wanted is None or not wanted.isdisjoint((*family.series, *family.shares))


def _trusted(book: Evidence, wanted: frozenset[str] | None) -> list[Fact]:
    """The facts that are not deprecated, of the series asked for and those like them."""
    facts = [fact for fact in book.facts.values() if fact.rank is not Rank.DEPRECATED]
    if wanted is None:
        return facts
    kinds = {(each.subject, each.metric) for id_, each in book.series.items() if id_ in wanted}
    alike = {id_ for id_, each in book.series.items() if (each.subject, each.metric) in kinds}
    return [fact for fact in facts if fact.series in alike]


def _present(material: Material, book: Evidence, wanted: frozenset[str] | None) -> set[str]:
    """The facts and claims that this run has looked at."""
    facts: Iterable[Fact] = (
        fact
        for fact in material.facts
        if book.include_deprecated or fact.rank is not Rank.DEPRECATED
    )
    names = {fact.id for fact in facts if wanted is None or fact.series in wanted}
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


def check_answer(audit: Audit, footnotes: Mapping[str, str], *, everything: bool) -> Answer:
    """The open findings, with *everything* those that are acknowledged, too."""
    rows = [_row(found) for found in audit.sorted.open]
    if everything:
        rows += [
            _row(found, f"{found.message}; acknowledged: {entry.reason}")
            for found, entry in audit.sorted.explained
        ]
    used = {each for row in rows for each in _sources(row)}
    notes = [f"{audit.facts:,} facts held together, {counted(len(audit.proved), 'claim')} proved"]
    hidden = len(audit.sorted.explained)
    if hidden and not everything:
        notes.append(f"{counted(hidden, 'finding')} acknowledged (--acknowledged shows them)")
    return Answer(
        CHECK_COLUMNS,
        rows,
        _CHECK_VIEWS,
        notes=tuple(notes),
        footnotes={source: line for source, line in footnotes.items() if source in used},
    )


def _row(found: Finding, message: str = "") -> dict[str, Value]:
    return {
        "verdict": found.verdict.value,
        "series": found.series,
        "periods": found.periods,
        "facts": found.facts,
        "sources": found.sources,
        "set_aside": found.set_aside,
        "size": found.size,
        "message": message or found.message,
        "about": _named_by(found.series),
    }


def _named_by(series: Sequence[str]) -> str:
    """The series of a finding as a narrow column has room for them.

    >>> _named_by(["x.nev", "x.all", "x.ice"])
    'x.nev and 2 more'
    """
    if len(series) < 3:
        return " and ".join(series)
    return f"{series[0]} and {len(series) - 1} more"


def _sources(row: Mapping[str, Value]) -> tuple[str, ...]:
    sources = row["sources"]
    return sources if isinstance(sources, tuple) else ()
