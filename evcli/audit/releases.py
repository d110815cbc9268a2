"""Releases of one publisher in their order, and what each restated of the past.

A release is a document of who counted, read by itself or through papers that name it as their
origin. A dated paper that names none repeats the release of the newest month that it states; only
small differences (``MOST_BY_PAPERS`` percent) are taken for restatements on its word. An undated
one belongs to no release.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evcli.audit.book import Book
from evcli.audit.contradictions import confirmed, contradiction, finding, lightest_of
from evcli.audit.finding import Finding, Verdict
from evcli.audit.restated import less, printed_before, restated_window
from evcli.audit.telling import Teller
from evcli.audit.told import between, long, month_of, number, span
from evcli.core.closure import (
    Conflict,
    Derived,
    Family,
    Kind,
    Target,
    Window,
    find_ways,
    smallest_conflict,
    tight_bounds,
)
from evcli.core.closure.conflicts import PROVED_UP_TO
from evcli.core.closure.history import around
from evcli.core.closure.oracle import Oracle
from evcli.core.closure.solve import ends
from evcli.model.bounds import Bounds, intersect_all
from evcli.model.fact import Fact
from evcli.model.period import Period

_SIZE_DIGITS = 3
_MOST_NEAR = 40
_YEARS = 1
_ROUNDS = 12  # a restatement is told by its window; how few statements show it matters less
MOST_BY_PAPERS = Fraction(5)


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
        Release(of, _published(of, facts[of], book), _newest(facts[of]), frozenset(said[of]),
                named=of in named)
        for of in said
    ]  # fmt: skip
    return sorted(found, key=lambda release: (release.order, release.id))


def _published(of: str, facts: Sequence[Fact], book: Book) -> str:
    source = book.sources.get(of)
    if source is not None and source.published is not None:
        return str(source.published)
    return min((fact.published for fact in facts if fact.published), default="")


def _newest(facts: Iterable[Fact]) -> Period:
    return max((fact.period for fact in facts), key=lambda period: period.end or date.min)


class Chain:
    """The releases of a family one after the other; each replaces what it restates."""

    def __init__(self, family: Family, book: Book, tolerance: Fraction) -> None:
        self.family = family
        self.book = book
        self.teller = Teller(book, family)
        self.tolerance = tolerance
        self.current: set[str] = set()
        self.unsound: set[str] = set()  # what papers say that no release can have meant
        self._named: set[str] = set()
        self._said = {each.statement: each for each in family.assertions}
        self._oracle = Oracle(family)
        self.history: list[frozenset[str]] = []

    def add(self, release: Release, statements: Collection[str]) -> Iterator[Finding]:
        """Go on to *release* with *statements* of it that can hold together."""
        restated: set[tuple[str, str]] = set()
        new = set(statements)
        self._forget_growth(release)
        while True:
            if self.holds(self.current | new):
                break
            conflict = self._small(self.current | new)
            old = [each for each in conflict.statements if each not in new]
            found, key, percent = self._revision(release, conflict, old, new)
            sure = release.named and self._named.issuperset(old)
            if not sure and (percent is None or percent > MOST_BY_PAPERS):
                conflict = self._smallest(self.current | new, conflict)
                lightest = lightest_of(conflict, self.book)
                yield contradiction(conflict, lightest, self.teller)
                self.unsound |= lightest[0]
                self.current -= lightest[0]
                new -= lightest[0]
                continue
            if key not in restated:
                restated.add(key)
                yield found
            self._replace(old)
        self.current |= new
        self.history.append(frozenset(self.current))
        if release.named:
            self._named |= new

    def holds(self, statements: Collection[str]) -> bool:
        """Whether these can hold together."""
        self._oracle.allow(statements)
        return self._oracle.conflict() is None

    def _forget_growth(self, release: Release) -> None:
        """Growth of earlier years spoke of bases as they were then: it was checked then."""
        year = release.newest.year or 1
        self.current.difference_update([
            each for each in self.current
            if self._said[each].base is not None and self._said[each].kind is not Kind.SHARE
            and (self._said[each].window.period.end or date.max) <= date(year, 1, 1)
        ])  # fmt: skip

    def _replace(self, old: Sequence[str]) -> None:
        """Take what was restated out, and the growth that spoke of it as it was before."""
        self.current.difference_update(old)
        windows = {self._said[each].window for each in old if self._said[each].base is None}
        self.current.difference_update([
            each for each in self.current
            if self._said[each].base is not None
            and not windows.isdisjoint((self._said[each].window, self._said[each].base))
        ])  # fmt: skip

    def _small(self, among: Collection[str]) -> Conflict:
        """A conflict that people can follow: the smallest among those near, where they are few."""
        statements, proof = self._oracle.irreducible(among)
        if len(statements) > 2:
            near = self._near(statements, among)
            if len(near) <= _MOST_NEAR:
                found = smallest_conflict(self.family.only(near), _ROUNDS)
                if found is not None:
                    return confirmed(found._replace(proved_smallest=False))
        return confirmed(Conflict(statements, proof, proved_smallest=len(statements) <= 2))

    def _smallest(self, among: Collection[str], known: Conflict) -> Conflict:
        """The smallest conflict of all, where it can be proved; else *known*."""
        if known.proved_smallest or len(among) > PROVED_UP_TO:
            return known
        found = smallest_conflict(self.family.only(set(among)))
        return known if found is None else confirmed(found)

    def _near(self, statements: Collection[str], among: Collection[str]) -> set[str]:
        """Those *among* others that are about the same series within the same time."""
        inside = [self._said[each] for each in statements]
        series = {each.window.series for each in inside}
        spans = [each.window.period.sort_key for each in inside]
        first, last = min(start for _, start, _ in spans), max(end for _, _, end in spans)
        return {
            each for each in among
            if self._said[each].window.series in series
            and self._said[each].window.period.sort_key[1] >= first
            and self._said[each].window.period.sort_key[2] <= last
        }  # fmt: skip

    def _revision(
        self, release: Release, conflict: Conflict, old: Sequence[str], new: Collection[str]
    ) -> tuple[Finding, tuple[str, str], Fraction | None]:
        restated = self._most_plainly_restated(conflict, old, new)
        window, terms, bounds, value = restated
        before = printed_before(terms, self.family)
        up, down = _sign(bounds)
        if up or down:
            sizes = bounds if up else bounds.negate()
            size = abs(value) if value is not None and bounds.contains(value) else sizes.low
            percent = share(size, before)
            message = self._restated(release, window, old, new, sizes, before, up=up)
        else:  # no one window that was restated
            told = self.teller.conflict(conflict.statements)
            size = told.size
            percent = told.percent or share(size, before)
            message = f"{release.title} does not go with what was printed before: {told.text}"
        large = percent is None or percent > self.tolerance
        if percent is not None:
            message += f"; {float(percent):.1f} % of the window"
        row = finding(
            Verdict.REVISION, conflict.statements, self.teller, message, size=size, large=large
        )
        row = row._replace(periods=(str(window.period),))
        return row, (window.series, str(window.period)), percent

    def _most_plainly_restated(
        self, conflict: Conflict, old: Sequence[str], new: Collection[str]
    ) -> tuple[Window, Mapping[Window, Fraction], Bounds, Fraction | None]:
        """The window that the release surely raised or lowered, and by how much.

        The conflict's own window first, then each that its old statements speak of.
        """
        first = restated_window(conflict, old, self.family)
        said = [self._said[each] for each in old]
        others = dict.fromkeys(
            window
            for each in said
            for window in (each.window, each.base)
            if window is not None and window != first[0] and each.kind is not Kind.SHARE
        )
        unsure = None
        for window, terms in (first, *((each, {each: Fraction(1)}) for each in others)):
            answer = self._change(window, terms, new)
            found = (window, terms, *(answer or (Bounds(), None)))
            if any(_sign(found[2])):
                return found
            unsure = unsure or found
        return unsure or (*first, Bounds(), None)

    def _restated(
        self, release: Release, window: Window, old: Sequence[str], new: Collection[str],
        sizes: Bounds, before: Fraction | None, *, up: bool,
    ) -> str:  # fmt: skip
        unit = self.teller.unit(old[0])
        printed = "" if before is None else f" from {number(before, unit, derived=len(old) > 1)}"
        by = between(sizes.low, sizes.high, unit, _SIZE_DIGITS)
        when = long(window.period, release.newest.year)
        verb = "raised" if up else "lowered"
        text = f"{release.title} {verb} {when} by {by}{printed} ({self.teller.sources(old)})"
        implied = self._implied(window, new)
        return f"{text}: it implies {implied}" if implied else text

    def _change(
        self, window: Window, terms: Mapping[Window, Fraction], new: Collection[str]
    ) -> tuple[Bounds, Fraction | None] | None:
        """What the release makes of the window less what was printed before.

        What the release says, growth and shares and other series included, makes its side as tight
        as it can be; the other side is what was printed, where it was.
        """
        now = self._range(Target.window(window), new)
        if now is None:
            return None
        before = self._printed(terms)
        if before is None:
            old = Target(tuple((factor, each) for each, factor in terms.items()))
            before = self._range(old, self.current)
        if before is None:
            return None
        ways = find_ways(self.family.only(set(new)), Target.window(window))
        inside = (way.value for way in ways if way.value is not None and now.contains(way.value))
        value, printed = next(inside, None), printed_before(terms, self.family)
        change = None if value is None or printed is None else value - printed
        return less(now, before), change

    def _printed(self, terms: Mapping[Window, Fraction]) -> Bounds | None:
        """The sum of windows as they stand in print; None where one of them does not."""
        total = Bounds(Fraction(0), Fraction(0))
        for window, factor in terms.items():
            said = [
                each.bounds for each in self.family.assertions
                if each.base is None and each.window == window and each.statement in self.current
            ]  # fmt: skip
            printed = intersect_all(said) if said else None
            if printed is None:
                return None
            taken = printed.negate() if factor > 0 else printed
            total = less(total, taken.scale(abs(factor)))
        return total

    def _range(self, target: Target, said: Collection[str]) -> Bounds | None:
        """Between which ends *said*, which can hold together, leaves the target.

        Only what is said of its years, the one before and the one after is looked at.
        """
        near = around(self.family.only(set(said)), target.windows, _YEARS)
        oracle = Oracle(near, target.windows)
        if oracle.conflict() is not None:
            return None
        low, high = ends(oracle.solver, oracle.system, target)
        return Bounds(low.value, high.value)

    def _implied(self, window: Window, new: Collection[str]) -> str:
        family = self.family.only(set(new))
        if any(each.window == window and each.base is None for each in family.assertions):
            said = [each.statement for each in family.assertions if each.window == window]
            return self.teller.statement(said[0])
        answer = tight_bounds(family, Target.window(window))
        if not isinstance(answer, Derived):
            return ""
        unit = self.family.series[window.series].unit
        return f"{span(answer.bounds, unit)} ({self.teller.sources(answer.statements)})"


def _sign(bounds: Bounds) -> tuple[bool, bool]:
    """Whether a change is surely upwards, or surely downwards."""
    low, high = bounds
    return low is not None and low > 0, high is not None and high < 0


def share(size: Fraction | None, before: Fraction | None) -> Fraction | None:
    """The size in percent of the window as it was printed before."""
    return None if size is None or not before else size / abs(before) * 100
