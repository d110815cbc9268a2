"""All facts of a family held together: contradictions and revisions."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from evcli.audit.book import Book, parts
from evcli.audit.chain import Chain, share
from evcli.audit.contradictions import conflicts_of, contradiction, finding, growth_miss, holds
from evcli.audit.finding import Finding, Verdict
from evcli.audit.releases import releases
from evcli.audit.telling import Teller, leaves
from evcli.inference import Conflict, Family, fact_of
from evcli.text.labels import number, short


class Standing(NamedTuple):
    """Statements that hold together: by the newest releases, and as it was after older ones."""

    newest: frozenset[str]
    older: tuple[frozenset[str], ...] = ()


class Together:
    """Holds families together and remembers what had to be set aside."""

    def __init__(self, book: Book, tolerance: Fraction) -> None:
        self.book = book
        self.tolerance = tolerance
        self.set_aside: set[str] = set()

    def findings(self, family: Family) -> Generator[Finding, None, Standing]:
        """Every contradiction and revision of one family; returns what stands."""
        newest: set[str] = set()
        older: list[frozenset[str]] = []
        for part in parts(family):
            if len(part.assertions) == 1 or holds(part):
                newest.update(part.statements)
            else:
                standing = yield from self._part(part)
                newest |= standing.newest - self.set_aside
                older += standing.older
        return Standing(frozenset(newest), tuple(older))

    def _part(self, part: Family) -> Generator[Finding, None, Standing]:
        part = part.only(self._one_reading(part))
        found = releases(part, self.book)
        if len(found) < 2:
            yield from self._contradictions(part, part.statements)
            return Standing(frozenset(part.statements))
        chain = Chain(part, self.book, self.tolerance)
        unsound: set[str] = set()
        for year, of_year in groupby(found, key=lambda each: each.newest.year):
            same = list(of_year)
            chain.begin(year, frozenset().union(*(each.statements for each in same)))
            for release in same:
                left = release.statements - unsound
                if not chain.can_hold(left):
                    yield from self._contradictions(part, left)
                    unsound |= self.set_aside & left
                yield from chain.add(release, left - unsound)
        attributed = frozenset().union(*(release.statements for release in found))
        papers = [each for each in part.statements if each not in attributed]
        self.set_aside |= chain.unsound
        kept = self._papers(chain, papers)
        if kept:
            yield from self._contradictions(part, chain.current | kept)
        return Standing(frozenset(chain.current | kept), tuple(reversed(chain.history)))

    def _papers(self, chain: Chain, papers: Collection[str]) -> set[str]:
        """What papers say by themselves, less what only repeats an older release."""
        by_source: dict[str, set[str]] = {}
        for each in papers:
            by_source.setdefault(self.book.facts_behind(each)[0].source, set()).add(each)
        return set(papers).difference(*chain.outdated(by_source.values()))

    def _contradictions(self, part: Family, among: Collection[str]) -> Iterator[Finding]:
        within = part.only(set(among))
        teller = Teller(self.book, part)
        for conflict, ties in conflicts_of(within, self.book):
            if growth_miss(conflict.statements, part, self.book):
                yield self._missed(conflict, teller)
            else:
                yield contradiction(conflict, ties, teller)
            self.set_aside |= ties[0]

    def _missed(self, conflict: Conflict, teller: Teller) -> Finding:
        """A growth whose base is not what was first printed."""
        said = [each for each in teller.family.assertions if each.statement in conflict.statements]
        ratio = next(each for each in said if each.base is not None)
        assert ratio.base is not None
        told = teller.conflict(conflict.statements)
        found = leaves(said) or []
        first = sum((leaf.value or Fraction(0) for leaf in found if not leaf.implied), Fraction(0))
        base = next((leaf for leaf in found if leaf.implied), None)
        text = f"{teller.statement(ratio.statement)} speaks of a restated base: {told.text}"
        if base is not None and base.value is not None:
            unit = teller.unit(ratio.statement)
            implied = number(base.value, unit, derived=True)
            text = (
                f"{teller.statement(ratio.statement)} implies {implied} for "
                f"{short(ratio.base.period)}; {told.text}"
            )
        percent = share(told.size, first)
        if percent is not None:
            text += f"; {float(percent):.1f} % of the window"
        return finding(
            Verdict.REVISION,
            conflict.statements,
            teller,
            text,
            size=told.size,
            large=percent is None or percent > self.tolerance,
        )

    def _one_reading(self, part: Family) -> frozenset[str]:
        """Where a sentence can be read in several ways, only the first of them."""
        chosen: dict[tuple[str, str, str, str, tuple[str, ...]], str] = {}
        kept = []
        for each in part.statements:
            fact = self.book.facts[fact_of(each)]
            if fact.reading:
                key = (fact.series, fact.source, fact.stated, fact.yoy_stated, fact.at)
                if chosen.setdefault(key, fact.reading) != fact.reading:
                    continue
            kept.append(each)
        return frozenset(kept)
