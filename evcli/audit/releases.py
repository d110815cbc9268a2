"""Releases of one publisher in their order.

A release is a document of who counted, read by itself or through papers that name it as their
origin. A dated paper that names none repeats the release of the newest month that it states. An
undated one belongs to no release.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evcli.audit.book import Book
from evcli.inference import Family
from evcli.model.period import Period
from evcli.model.records import Fact
from evcli.text.labels import month_of


@dataclass(frozen=True, slots=True)
class Release:
    """One document of the publisher and what it states in a family."""

    id: str
    published: str
    newest: Period  # the latest window that it states
    statements: frozenset[str]
    named: bool = True  # not only known from papers that name no release

    @property
    def title(self) -> str:
        """``the July 2025 release``, after the newest month that it states."""
        return f"the {month_of(self.newest)} release"

    @property
    def order(self) -> tuple[str, str]:
        """When it came out; without a date, as soon as its newest window was over."""
        end = self.newest.end or date.max
        return self.published or end.isoformat(), end.isoformat()


def releases(family: Family, book: Book) -> list[Release]:
    """The releases behind a family, the oldest first."""
    said: dict[str, dict[str, None]] = {}
    facts: dict[str, list[Fact]] = {}
    papers: dict[str, list[tuple[str, Fact]]] = {}
    for statement in family.statements:
        for fact in book.facts_behind(statement):
            if book.published_by_counter(fact):
                of = fact.source if fact.own else fact.origin
                said.setdefault(of, {})[statement] = None
                facts.setdefault(of, []).append(fact)
            elif fact.published:
                papers.setdefault(fact.source, []).append((statement, fact))
    of_month = {month_of(_newest(behind)): of for of, behind in reversed(facts.items())}
    named = set(facts)
    for told in papers.values():
        month = month_of(_newest([fact for _, fact in told]))
        of = of_month.get(month, month)
        said.setdefault(of, {}).update((statement, None) for statement, _ in told)
        facts.setdefault(of, []).extend(fact for _, fact in told)
    found = [
        Release(
            of,
            _published(of, facts[of], book),
            _newest(facts[of]),
            frozenset(said[of]),
            named=of in named,
        )
        for of in said
    ]
    return sorted(found, key=lambda release: (release.order, release.id))


def _published(of: str, facts: Sequence[Fact], book: Book) -> str:
    source = book.sources.get(of)
    if source is not None and source.published is not None:
        return str(source.published)
    return min((fact.published for fact in facts if fact.published), default="")


def _newest(facts: Iterable[Fact]) -> Period:
    return max((fact.period for fact in facts), key=lambda period: period.end or date.min)
