"""The whole audit: families, readings, claims, paces, definitions and roundings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.acknowledged import Sorted, alike, sort_out
from evcli.audit.book import Book
from evcli.audit.claims import Claims, concerned
from evcli.audit.definitions import definitions
from evcli.audit.families import Progress, audited
from evcli.audit.finding import ORDER, Finding
from evcli.audit.pace import all_odd_paces, past_targets
from evcli.audit.readings import Readings
from evcli.audit.rounding import roundings
from evcli.audit.together import Standing, Together
from evcli.inference import Family
from evcli.model.records import Acknowledgement, Claim, Fact, Rank, Series, Source
from evcli.model.vocabulary import MetricKind, Vocabulary

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
    book = Book.of(
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
    book: Book,
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


def _trusted(book: Book, wanted: frozenset[str] | None) -> list[Fact]:
    """The facts that are not deprecated, of the series asked for and those like them."""
    facts = [fact for fact in book.facts.values() if fact.rank is not Rank.DEPRECATED]
    if wanted is None:
        return facts
    kinds = {(each.subject, each.metric) for id_, each in book.series.items() if id_ in wanted}
    alike = {id_ for id_, each in book.series.items() if (each.subject, each.metric) in kinds}
    return [fact for fact in facts if fact.series in alike]


def _present(material: Material, book: Book, wanted: frozenset[str] | None) -> set[str]:
    """The facts and claims that this run has looked at."""
    facts: Iterable[Fact] = (
        fact
        for fact in material.facts
        if book.include_deprecated or fact.rank is not Rank.DEPRECATED
    )
    names = {fact.id for fact in facts if wanted is None or fact.series in wanted}
    names |= {claim.id for claim in material.claims if wanted is None or concerned(claim, wanted)}
    return names
