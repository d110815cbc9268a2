"""What each release of a publisher restated of the releases before it.

Only small differences (``MOST_BY_PAPERS`` percent) are taken for restatements on the word of
papers that name no release; of larger ones the papers are wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from evcli.audit.contradictions import (
    confirmed,
    conflicts_of,
    contradiction,
    finding,
    growth_miss,
    holds,
    lightest_of,
)
from evcli.audit.evidence import Evidence, Finding, Release, Verdict, parts, releases
from evcli.audit.messages import Narrator, leaves
from evcli.inference import (
    Assertion,
    Bounded,
    Cell,
    Conflict,
    ConstraintKind,
    Derivation,
    Derivations,
    Family,
    Objective,
    bounds_of,
    fact_of,
    smallest_conflict,
)
from evcli.inference.conflicts import PROVED_UP_TO
from evcli.inference.feasibility import Feasibility
from evcli.model.period import Period
from evcli.model.quantity import Bounds, intersect_all
from evcli.text.phrases import long_period, short_period
from evcli.text.rounding import short_number, short_range


class Saying:
    """What one release says of windows, whether it states them or not."""

    def __init__(
        self, family: Family, statements: Collection[str], windows: Collection[Cell] = ()
    ) -> None:
        self._family = family.only(statements)
        self._windows = windows
        self._ways = Derivations(self._family)
        self._bounded: Bounded | None = None
        self._known: dict[Cell, tuple[Bounds, tuple[str, ...]] | None] = {}

    def ways(self, window: Cell) -> list[Derivation]:
        """The formulas that lead to *window*, the narrowest first."""
        return self._ways.to(Objective.window(window))

    def bounds(self, window: Cell) -> tuple[Bounds, tuple[str, ...]] | None:
        """Where all that it says puts *window*, and the statements that do."""
        if window not in self._known:
            target = Objective.window(window)
            if self._bounded is None:
                self._bounded = Bounded(self._family, self._windows)
            try:
                self._known[window] = self._bounded.of(target)
            except KeyError:
                self._known[window] = Bounded(self._family, target.windows).of(target)
        return self._known[window]


def restated_window(
    conflict: Conflict, old: Sequence[str], family: Family
) -> tuple[Cell, dict[Cell, Fraction]]:
    """The window whose old figure a conflict denies, as a sum of windows that were stated."""
    said = {each.statement: each for each in family.assertions}
    factors: defaultdict[str, Fraction] = defaultdict(Fraction)
    for each in conflict.proof:
        if each.row.statement in set(old):
            signed = each.factor if each.upper else -each.factor
            factors[each.row.statement] += signed
    levels = {each: factors[each] for each in old if said[each].base is None}
    largest = max((abs(factor) for factor in levels.values()), default=Fraction(0))
    if len(levels) == len(old) and largest:
        terms = {said[each].window: factor / largest for each, factor in levels.items() if factor}
        period = _span_of(terms)
        if period is None:
            terms = {window: -factor for window, factor in terms.items()}
            period = _span_of(terms)
        if period is not None:
            return Cell(next(iter(terms)).series, period), terms
    bases = leaves([said[each] for each in old])
    window = bases[0].window if bases else said[old[0]].window
    return window, {window: Fraction(1)}


def _span_of(terms: Mapping[Cell, Fraction]) -> Period | None:
    """The one window that a sum of windows of one series comes to."""
    if len({window.series for window in terms}) != 1:
        return None
    if len(terms) == 1:
        window, factor = next(iter(terms.items()))
        return window.period if factor == 1 else None
    ends: Counter[int] = Counter()
    for window, factor in terms.items():
        span_ = window.period.month_span
        if span_ is None or abs(factor) != 1:
            return None
        ends[span_[1]] += int(factor)
        ends[span_[0]] -= int(factor)
    left = {end: count for end, count in ends.items() if count}
    if sorted(left.values()) != [-1, 1]:
        return None
    start, end = (next(at for at, count in left.items() if count == sign) for sign in (-1, 1))
    return Period.of_months(start // 12, start % 12 + 1, end - start) if start < end else None


def printed_before(terms: Mapping[Cell, Fraction], family: Family) -> Fraction | None:
    """What was printed of the window before, at the stated numbers."""
    values = {
        each.window: each.value
        for each in family.assertions
        if each.base is None and each.value is not None
    }
    if any(window not in values for window in terms):
        return None
    return sum((factor * values[window] for window, factor in terms.items()), Fraction(0))


def less(one: Bounds, other: Bounds) -> Bounds:
    """The first less the second, of which neither knows of the other."""
    low = None if one.low is None or other.high is None else one.low - other.high
    high = None if one.high is None or other.low is None else one.high - other.low
    return Bounds(low, high)


_SIZE_DIGITS = 3
_MOST_NEAR = 40
_ROUNDS = 12  # a restatement is told by its window; how few statements show it matters less
MOST_BY_PAPERS = Fraction(5)


class Chain:
    """The releases of a family one after the other; each replaces what it restates."""

    def __init__(self, family: Family, book: Evidence, tolerance: Fraction) -> None:
        self.family = family
        self.book = book
        self.teller = Narrator(book, family)
        self.tolerance = tolerance
        self.current: set[str] = set()
        self.unsound: set[str] = set()  # what papers say that no release can have meant
        self._named: set[str] = set()
        self._said = {each.statement: each for each in family.assertions}
        self.history: list[frozenset[str]] = []
        self._oracle = Feasibility(family.only(()))
        self._saying = Saying(family, ())

    def begin(self, year: int | None, statements: Collection[str]) -> None:
        """Go on to the releases of a year, which make *statements*."""
        self._forget_growth(year or 1)
        self._oracle = Feasibility(self._beside(statements))

    def add(self, release: Release, statements: Collection[str]) -> Iterator[Finding]:
        """Go on to *release*, one of the year begun, with *statements* that can hold together."""
        told: set[tuple[str, str]] = set()
        new = set(statements)
        for conflict in self._conflicts(new):
            old = [each for each in conflict.statements if each not in new]
            found, key, percent = self._revision(release, conflict, old, new)
            sure = release.named and self._named.issuperset(old)
            if not sure and (percent is None or percent > MOST_BY_PAPERS):
                known = self._smallest(self._beside(new), conflict)
                lightest = lightest_of(known, self.book)
                yield contradiction(known, lightest, self.teller)
                self.unsound |= lightest[0]
                self.current -= lightest[0]
                new -= lightest[0]
                continue
            if key not in told:
                told.add(key)
                yield found
            self._replace(old)
        self.current |= new
        self.history.append(frozenset(self.current))
        if release.named:
            self._named |= new

    def _conflicts(self, new: set[str]) -> Iterator[Conflict]:
        """Conflicts of *new* with what is current, each once the one before has been mended.

        First windows in print that the release itself puts elsewhere, then whatever is left.
        """
        if self.can_hold(self.current | new):
            return
        printed = self._printed_within(new)
        self._saying = Saying(self.family, new, {said.window for said in printed})
        for said in printed:
            if said.statement in self.current:
                for way in self._saying.ways(said.window):
                    if new.issuperset(way.statements) and way.bounds.intersect(said.bounds) is None:
                        few = Feasibility(self.family.only({said.statement, *way.statements}))
                        statements, proof = few.irreducible()
                        yield confirmed(Conflict(statements, proof, len(statements) <= 2))
                        break
        while not self.can_hold(self.current | new):
            yield self._small(self.current | new)

    def can_hold(self, statements: Collection[str]) -> bool:
        """Whether so much of *statements* as has to do with the year can hold together."""
        self._oracle.allow(set(statements).intersection(self._oracle.statements))
        return self._oracle.conflict() is None

    def _printed_within(self, new: Collection[str]) -> list[Assertion]:
        """Levels in print between months that *new* speaks of, in the order of time."""
        windows = {
            window
            for each in new
            for window in (self._said[each].window, self._said[each].base)
            if window is not None
        }
        spans = [window.period.month_span for window in windows]
        ends = {end for span_ in spans if span_ is not None for end in span_}
        levels = [
            each
            for each in self.family.assertions
            if each.base is None
            and each.statement in self.current
            and (each.window in windows or ends.issuperset(each.window.period.month_span or [-1]))
        ]
        return sorted(levels, key=lambda each: each.window.period.sort_key)

    def outdated(self, papers: Iterable[set[str]]) -> list[set[str]]:
        """Which *papers* cannot hold beside the newest releases, but could beside older ones."""
        every = list(papers)
        known = self.current.union(*self.history)
        oracle = Feasibility(self._beside(set[str]().union(*every), known))

        def holds(beside: Set[str], said: set[str]) -> bool:
            oracle.allow(said.union(beside).intersection(oracle.statements))
            return oracle.conflict() is None

        return [
            said
            for said in every
            if not holds(self.current, said)
            and any(holds(beside, said) for beside in reversed(self.history))
        ]

    def _beside(self, new: Collection[str], known: Collection[str] | None = None) -> Family:
        """The parts of what is known (else of what is current) that *new* has a say in."""
        among = self.family.only({*(self.current if known is None else known), *new})
        return replace(
            among,
            assertions=tuple(
                each
                for part in parts(among)
                if not set(new).isdisjoint(part.statements)
                for each in part.assertions
            ),
        )

    def _forget_growth(self, year: int) -> None:
        """Growth of earlier years spoke of bases as they were then: it was checked then."""
        self.current.difference_update(
            [
                each
                for each in self.current
                if self._said[each].base is not None
                and self._said[each].kind is not ConstraintKind.SHARE
                and (self._said[each].window.period.end or date.max) <= date(year, 1, 1)
            ]
        )

    def _replace(self, old: Sequence[str]) -> None:
        """Take what was restated out, and the growth that spoke of it as it was before."""
        self.current.difference_update(old)
        windows = {self._said[each].window for each in old if self._said[each].base is None}
        self.current.difference_update(
            [
                each
                for each in self.current
                if self._said[each].base is not None
                and not windows.isdisjoint((self._said[each].window, self._said[each].base))
            ]
        )

    def _small(self, among: Collection[str]) -> Conflict:
        """A conflict that people can follow: the smallest among those near, where they are few."""
        of_year = set(among).intersection(self._oracle.statements)
        statements, proof = self._oracle.irreducible(of_year)
        if len(statements) > 2:
            near = self._near(statements, among)
            if len(near) <= _MOST_NEAR:
                found = smallest_conflict(self.family.only(near), _ROUNDS)
                if found is not None:
                    return confirmed(found._replace(proved_smallest=False))
        return confirmed(Conflict(statements, proof, proved_smallest=len(statements) <= 2))

    def _smallest(self, among: Family, known: Conflict) -> Conflict:
        """The smallest conflict of all, where it can be proved; else *known*."""
        if known.proved_smallest or len(among.statements) > PROVED_UP_TO:
            return known
        found = smallest_conflict(among)
        return known if found is None else confirmed(found)

    def _near(self, statements: Collection[str], among: Collection[str]) -> set[str]:
        """Those *among* others that are about the same series within the same time."""
        inside = [self._said[each] for each in statements]
        series = {each.window.series for each in inside}
        spans = [each.window.period.sort_key for each in inside]
        first, last = min(start for _, start, _ in spans), max(end for _, _, end in spans)
        return {
            each
            for each in among
            if self._said[each].window.series in series
            and self._said[each].window.period.sort_key[1] >= first
            and self._said[each].window.period.sort_key[2] <= last
        }

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
            told = self.teller.restatement(conflict, set(old))
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
    ) -> tuple[Cell, Mapping[Cell, Fraction], Bounds, Fraction | None]:
        """The window that the release surely raised or lowered, and by how much.

        The conflict's own window first, then each that its old statements speak of.
        """
        first = restated_window(conflict, old, self.family)
        said = [self._said[each] for each in old]
        others = dict.fromkeys(
            window
            for each in said
            for window in (each.window, each.base)
            if window is not None and window != first[0] and each.kind is not ConstraintKind.SHARE
        )
        unsure = None
        for window, terms in (first, *((each, {each: Fraction(1)}) for each in others)):
            answer = self._change(window, terms, old, new)
            found = (window, terms, *(answer or (Bounds(), None)))
            if any(_sign(found[2])):
                return found
            unsure = unsure or found
        return unsure or (*first, Bounds(), None)

    def _restated(
        self,
        release: Release,
        window: Cell,
        old: Sequence[str],
        new: Collection[str],
        sizes: Bounds,
        before: Fraction | None,
        *,
        up: bool,
    ) -> str:
        unit = self.teller.unit(old[0])
        printed = (
            "" if before is None else f" from {short_number(before, unit, derived=len(old) > 1)}"
        )
        by = short_range(sizes.low, sizes.high, unit, _SIZE_DIGITS)
        when = long_period(window.period, release.newest.year)
        verb = "raised" if up else "lowered"
        text = f"{release.title} {verb} {when} by {by}{printed} ({self.teller.sources(old)})"
        implied = self._told_of_release(window, new)
        return f"{text}: it implies {implied}" if implied else text

    def _change(
        self,
        window: Cell,
        terms: Mapping[Cell, Fraction],
        old: Collection[str],
        new: Collection[str],
    ) -> tuple[Bounds, Fraction | None] | None:
        """What the release makes of the window less what was printed before.

        What the release says, growth and shares and other series included, makes its side as tight
        as it can be; the other side is what was printed, where it was.
        """
        ways = self._saying.ways(window)
        implied = self._saying.bounds(window) if ways else None
        if implied is None:
            return None
        now, before = implied[0], self._printed(terms)
        if before is None:
            was = Objective(tuple((factor, each) for each, factor in terms.items()))
            before = bounds_of(self.family.only(old), was)
        if before is None:
            return None
        inside = (way.value for way in ways if way.value is not None and now.contains(way.value))
        value, printed = next(inside, None), printed_before(terms, self.family)
        change = None if value is None or printed is None else value - printed
        return less(now, before), change

    def _printed(self, terms: Mapping[Cell, Fraction]) -> Bounds | None:
        """The sum of windows as they stand in print; None where one of them does not."""
        total = Bounds(Fraction(0), Fraction(0))
        for window, factor in terms.items():
            said = [
                each.bounds
                for each in self.family.assertions
                if each.base is None and each.window == window and each.statement in self.current
            ]
            printed = intersect_all(said) if said else None
            if printed is None:
                return None
            taken = printed.negate() if factor > 0 else printed
            total = less(total, taken.scale(abs(factor)))
        return total

    def _told_of_release(self, window: Cell, new: Collection[str]) -> str:
        stated = [
            each.statement
            for each in self.family.assertions
            if each.window == window and each.base is None and each.statement in new
        ]
        if stated:
            return self.teller.statement(stated[0])
        implied = self._saying.bounds(window)
        if implied is None or implied[0] == Bounds():
            return ""
        unit = self.family.series[window.series].unit
        return f"{short_range(*implied[0], unit)} ({self.teller.sources(implied[1])})"


def _sign(bounds: Bounds) -> tuple[bool, bool]:
    """Whether a change is surely upwards, or surely downwards."""
    low, high = bounds
    return low is not None and low > 0, high is not None and high < 0


def share(size: Fraction | None, before: Fraction | None) -> Fraction | None:
    """The size in percent of the window as it was printed before."""
    return None if size is None or not before else size / abs(before) * 100


class Standing(NamedTuple):
    """Statements that hold together: by the newest releases, and as it was after older ones."""

    newest: frozenset[str]
    older: tuple[frozenset[str], ...] = ()


class Together:
    """Holds families together and remembers what had to be set aside."""

    def __init__(self, book: Evidence, tolerance: Fraction) -> None:
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
        teller = Narrator(self.book, part)
        for conflict, ties in conflicts_of(within, self.book):
            if growth_miss(conflict.statements, part, self.book):
                yield self._missed(conflict, teller)
            else:
                yield contradiction(conflict, ties, teller)
            self.set_aside |= ties[0]

    def _missed(self, conflict: Conflict, teller: Narrator) -> Finding:
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
            implied = short_number(base.value, unit, derived=True)
            text = (
                f"{teller.statement(ratio.statement)} implies {implied} for "
                f"{short_period(ratio.base.period)}; {told.text}"
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
