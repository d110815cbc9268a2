"""What each release of a publisher restated of the releases before it (docs/design.md, The audit).

A *release* is one document of who counted, read by itself or through papers that name it as their
origin. A dated paper that names none repeats the release of the newest month that it states; an
undated one belongs to no release. The *size* of a restatement is how much it raised or lowered the
window, in the unit of the series; in percent it is measured against what was printed before.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain

from evcli.audit.contradictions import (
    PROVED_UP_TO,
    Conflict,
    Explainer,
    contradiction,
    irreducible_conflict,
    observations,
    set_aside,
    smallest_conflict,
)
from evcli.audit.evidence import Evidence, Finding, Verdict, parts
from evcli.core.resolve import released
from evcli.inference.bounds import Bounded, bounds_of
from evcli.inference.derivations import Derivations
from evcli.inference.family import Cell, Constraint, ConstraintKind, Family, Objective
from evcli.inference.system import FamilyProgram
from evcli.model.period import Period
from evcli.model.quantity import Bounds, intersect_all
from evcli.model.records import Fact
from evcli.text.numbers import short_number, short_range
from evcli.text.phrases import last_month
from evcli.tuples import NamedTuple

# percent: of more the papers are wrong that name no release
MOST_BY_PAPERS = Fraction(5)
_SIZE_DIGITS = 3
_MOST_NEAR = 40
_ROUNDS = 12  # a restatement goes by its window; how few statements show it matters less
_ZERO, _ONE = Fraction(0), Fraction(1)


class Release(NamedTuple):
    """One document of the publisher and what it states in a family."""

    id: str
    out: Period  # when it came out; without a date, when its newest window ended
    newest: Period  # the latest window that it states
    statements: frozenset[str]
    named: bool  # not only known from papers that name no release

    def is_older(self, other: "Release") -> bool:
        """Whether it came out before *other*; by their newest windows where dates leave it open."""
        if self.out.overlaps(other.out):
            return (self.newest.end or date.max) < (other.newest.end or date.max)
        return self.out.precedes(other.out)


def releases(family: Family, evidence: Evidence) -> list[Release]:
    """The releases behind a family, the oldest first."""
    printed: defaultdict[str, list[tuple[str, Fact]]] = defaultdict(list)
    papers: defaultdict[str, list[tuple[str, Fact]]] = defaultdict(list)
    for statement in family.statements:
        for fact in evidence.facts_behind(statement):
            if evidence.is_from_publisher(fact):
                printed[fact.source if fact.own else fact.origin].append((statement, fact))
            elif fact.published:
                papers[fact.source].append((statement, fact))
    named = set(printed)
    of_month = {last_month(_newest(said)): release for release, said in reversed(printed.items())}
    for said in papers.values():
        month = last_month(_newest(said))
        printed[of_month.get(month, month)] += said
    found = []
    for release, said in printed.items():
        source, newest = evidence.sources.get(release), _newest(said)
        dated = source and source.published
        dates = [dated] if dated else [released(fact) for _, fact in said]
        ended = Period(newest.last_day, newest.end)
        out = min((each for each in dates if each.start), default=ended)
        states = frozenset(statement for statement, _ in said)
        found.append(Release(release, out, newest, states, release in named))
    return sorted(found, key=lambda each: (each.out.sort_key[1], each.newest.sort_key[2], each.id))


def _newest(said: Iterable[tuple[str, Fact]]) -> Period:
    return max((fact.period for _, fact in said), key=lambda period: period.end or date.min)


class CellChange(NamedTuple):
    """What a release makes of a cell less what was printed of it before.

    ``terms`` are the cells that were printed, whose sum it is. ``value`` is the change at the
    printed numbers, where both sides have one.
    """

    cell: Cell
    terms: Mapping[Cell, Fraction]
    bounds: Bounds = Bounds()
    value: Fraction | None = None

    @property
    def direction(self) -> int:
        """1 where the release surely raised it, -1 where it surely lowered it, else 0."""
        nothing = Bounds.exactly(_ZERO)
        return self.bounds.exceeds(nothing) - nothing.exceeds(self.bounds)


class ReleaseHistory:
    """The releases of a family one after the other; each replaces what it restates."""

    def __init__(self, family: Family, evidence: Evidence, tolerance: Fraction) -> None:
        self._family = family
        self._evidence = evidence
        self._tolerance = tolerance
        self.current: set[str] = set()  # what stands after the releases so far
        self.earlier: list[frozenset[str]] = []  # what stood after each of them
        self.unsound: set[str] = set()  # what papers state that no release can have meant
        self._explainer = Explainer(evidence, family)
        self._constraints = {each.statement: each for each in family.constraints}
        self._named: set[str] = set()  # what releases state that are more than papers
        self._last: dict[str, Release] = {}  # which of them made a statement last

    def begin(self, year: int | None, statements: Collection[str]) -> None:
        """Go on to the releases of a year, which make *statements*."""
        # growth of earlier years spoke of bases as they were then: it was checked then
        self.current -= {
            each.statement
            for each in self._among(self.current)
            if each.base is not None
            and each.kind is not ConstraintKind.SHARE
            and (each.cell.period.end or date.max) <= date(year or 1, 1, 1)
        }
        self._program = FamilyProgram(self._beside(statements))  # of the year begun

    def add(self, release: Release, statements: Collection[str]) -> Iterator[Finding]:
        """Go on to *release*, one of the year begun, with *statements* that can hold together."""
        reported: set[Cell] = set()
        new = set(statements)
        for conflict in self._conflicts(new):
            old = [each for each in conflict.statements if each not in new]
            restated = self._restated(release, conflict, old, new)
            if restated is not None:
                cell, found = restated
                if cell not in reported:
                    reported.add(cell)
                    yield found._replace(periods=(str(cell.period),))
                self._replace(old)
            else:
                known, beside = conflict, self._beside(new)
                if not known.proved_smallest and len(beside.statements) <= PROVED_UP_TO:
                    known = smallest_conflict(beside) or known
                weights = self._evidence.weights(known.statements)
                lightest = set_aside(self._family.only(known.statements), weights)
                yield contradiction(known, lightest, self._explainer)
                self.unsound |= lightest[0]
                self.current -= lightest[0]
                new -= lightest[0]
        self.current |= new
        self._last |= dict.fromkeys(new, release)
        self.earlier.append(frozenset(self.current))
        if release.named:
            self._named |= new

    def can_hold(self, statements: Collection[str]) -> bool:
        """Whether so much of *statements* as has to do with the year can hold together."""
        return self._program.can_hold(set(statements).intersection(self._program.labels))

    def outdated(self, papers: Sequence[set[str]]) -> list[set[str]]:
        """Which *papers* cannot hold beside the newest releases, but could beside older ones."""
        known = self.current.union(*self.earlier)
        program = FamilyProgram(self._beside(set[str]().union(*papers), known))
        among = set(program.labels)
        return [
            paper
            for paper in papers
            if not program.can_hold((paper | self.current) & among)
            and any(program.can_hold((paper | beside) & among) for beside in reversed(self.earlier))
        ]

    def _beside(self, new: Collection[str], known: Collection[str] | None = None) -> Family:
        """The parts of what is *known* (else of what is current) that *new* has a say in."""
        among = self._family.only({*(self.current if known is None else known), *new})
        touched = parts(among, beside=set(new))
        return replace(among, constraints=tuple(c for part in touched for c in part.constraints))

    def _replace(self, old: Sequence[str]) -> None:
        """Take what was restated out, and the growth that spoke of it as it was before."""
        self.current.difference_update(old)
        cells = {each.cell for each in self._among(old) if each.base is None}
        self.current -= {
            each.statement
            for each in self._among(self.current)
            if each.base is not None and not cells.isdisjoint(each.cells)
        }

    def _among(self, statements: Iterable[str]) -> list[Constraint]:
        return [self._constraints[each] for each in statements]

    def _conflicts(self, new: set[str]) -> Iterator[Conflict]:
        """Conflicts of *new* with what is current, each once the one before has been mended.

        First windows in print that the release itself puts elsewhere, then whatever is left.
        """
        if self.can_hold(self.current | new):
            return
        printed = self._printed_within(new)
        stated = self._family.only(new)  # what follows from the release alone
        self._derivations = Derivations(stated)
        self._bounded = Bounded(stated, {each.cell for each in printed})
        for each in printed:
            denials = (  # formulas by which the release puts it elsewhere
                way.statements
                for way in self._derivations.of(Objective.of(each.cell))
                if new.issuperset(way.statements) and way.bounds.intersect(each.bounds) is None
            )
            if each.statement in self.current and (denial := next(denials, None)):
                few = self._family.only({each.statement, *denial})
                yield irreducible_conflict(FamilyProgram(few))
        while not self.can_hold(self.current | new):
            yield self._small(self.current | new)

    def _printed_within(self, new: Collection[str]) -> list[Constraint]:
        """Levels in print between months that *new* speaks of, in the order of time."""
        cells = {cell for each in self._among(new) for cell in each.cells}
        ends = {end for cell in cells for end in cell.period.month_span or ()}
        levels = [
            each
            for each in self._family.constraints
            if each.base is None
            and each.statement in self.current
            and (each.cell in cells or ends.issuperset(each.cell.period.month_span or [-1]))
        ]
        return sorted(levels, key=lambda each: each.cell.period.sort_key)

    def _small(self, among: Collection[str]) -> Conflict:
        """A conflict that people can follow: the smallest among those near, where they are few."""
        of_year = set(among).intersection(self._program.labels)
        conflict = irreducible_conflict(self._program, of_year)
        if not conflict.proved_smallest:
            near = self._near(conflict.statements, among)
            if len(near) <= _MOST_NEAR:
                conflict = smallest_conflict(self._family.only(near), _ROUNDS) or conflict
        # of all it may not be the smallest
        return conflict._replace(proved_smallest=len(conflict.statements) <= 2)

    def _near(self, statements: Collection[str], among: Collection[str]) -> set[str]:
        """Those *among* others that are about the same series within the same time."""
        inside = [each.cell for each in self._among(statements)]
        series = {cell.series for cell in inside}
        spans = [cell.period.sort_key for cell in inside]
        first, last = min(start for _, start, _ in spans), max(end for _, _, end in spans)
        return {
            each.statement
            for each in self._among(among)
            if each.cell.series in series
            and each.cell.period.sort_key[1] >= first
            and each.cell.period.sort_key[2] <= last
        }

    def _restated(
        self, release: Release, conflict: Conflict, old: Sequence[str], new: Collection[str]
    ) -> tuple[Cell, Finding] | None:
        """What *release* restated of the *old* statements; None unless it is newer than them all.

        On the word of papers only little is restated: more they only misprint.
        """
        if not old or not all(self._last[each].is_older(release) for each in old):
            return None
        title = f"the {last_month(release.newest)} release"
        change = self._plainest_change(conflict, old)
        before = self._printed_value(change.terms, old)
        if not change.direction:  # no one window that was restated
            explanation = self._explainer.restatement(conflict, old)
            size = explanation.size
            percent = explanation.percent or percent_of(size, before)
            message = f"{title} conflicts with earlier figures: {explanation.text}"
        else:
            up, value, unit = change.direction > 0, change.value, self._explainer.unit(old[0])
            sizes = change.bounds if up else change.bounds.negate()
            exact = value is not None and change.bounds.contains(value)
            size = abs(value) if exact and value is not None else sizes.low
            percent = percent_of(size, before)
            when, by = change.cell.period.label, short_range(*sizes, unit, _SIZE_DIGITS)
            message = f"{title} {'raised' if up else 'lowered'} {when} by {by}"
            if before is not None:
                message += f" from {short_number(before, unit, derived=len(old) > 1)}"
            message += f" ({self._explainer.sources(old)})"
            if implied := self._implied(change.cell, new):
                message += f": it implies {implied}"
        by_papers = not release.named or not self._named.issuperset(old)
        if by_papers and (percent is None or percent > MOST_BY_PAPERS):
            return None
        found = revision(conflict, size, percent, message, self._explainer, self._tolerance)
        return change.cell, found

    def _implied(self, cell: Cell, new: Collection[str]) -> str:
        """What the release states of a cell, else what follows from it, in words."""
        for each in self._levels(cell, new):
            return self._explainer.statement(each.statement)
        implied = self._bounded.of(Objective.of(cell))
        if implied is None or implied[0] == Bounds():
            return ""
        unit = self._family.series[cell.series].unit
        return f"{short_range(*implied[0], unit)} ({self._explainer.sources(implied[1])})"

    def _plainest_change(self, conflict: Conflict, old: Sequence[str]) -> CellChange:
        """The window that the release surely raised or lowered, and by how much.

        The conflict's own window first, then each that its old statements speak of; else the
        first for which anything is known.
        """
        own, terms = restated_window(conflict, old, self._family)
        cells = dict.fromkeys(
            cell
            for each in self._among(old)
            for cell in each.cells
            if cell != own and each.kind is not ConstraintKind.SHARE
        )
        first = self._change(own, terms, old)
        changes = (self._change(each, {each: _ONE}, old) for each in cells)
        return next((each for each in chain([first], changes) if each.direction), first)

    def _change(
        self, cell: Cell, terms: Mapping[Cell, Fraction], old: Collection[str]
    ) -> CellChange:
        """What the release makes of a cell less what was printed before.

        What the release states, growth and shares and other series included, makes its side as
        tight as it can be; the other side is what was printed, where it was.
        """
        wanted = Objective.of(cell)
        derivations = self._derivations.of(wanted)
        implied = self._bounded.of(wanted) if derivations else None
        before = self._printed(terms, old) if implied is not None else None
        if implied is None or before is None:
            return CellChange(cell, terms)
        now = implied[0]
        values = (each.value for each in derivations)
        value = next((each for each in values if each is not None and now.contains(each)), None)
        printed = self._printed_value(terms)
        change = None if value is None or printed is None else value - printed
        return CellChange(cell, terms, now.plus(before.negate()), change)

    def _printed_value(
        self, terms: Mapping[Cell, Fraction], first: Collection[str] = ()
    ) -> Fraction | None:
        """The sum of cells at the numbers printed before; None where one has none.

        Of several numbers in print the one of a statement among *first* counts, else the most
        exact.
        """
        total = _ZERO
        for cell, factor in terms.items():
            printed = [
                (each.statement not in first, each.bounds.looseness, each.value)
                for each in self._levels(cell, self.current)
                if each.value is not None
            ]
            if not printed:
                return None
            total += factor * min(printed)[-1]
        return total

    def _levels(self, cell: Cell, among: Collection[str]) -> Iterator[Constraint]:
        """What is stated of a cell *among* these statements."""
        for each in self._family.constraints:
            if each.base is None and each.cell == cell and each.statement in among:
                yield each

    def _printed(self, terms: Mapping[Cell, Fraction], old: Collection[str]) -> Bounds | None:
        """The sum of cells as they stand in print, else what the *old* statements leave of it."""
        total = Bounds.exactly(_ZERO)
        for cell, factor in terms.items():
            stated = [each.bounds for each in self._levels(cell, self.current)]
            printed = intersect_all(stated)
            if not stated or printed is None:
                objective = Objective(tuple((times, each) for each, times in terms.items()))
                return bounds_of(self._family.only(old), objective)
            added = printed.scale(abs(factor))
            total = total.plus(added if factor > 0 else added.negate())
        return total


def restated_window(
    conflict: Conflict, old: Sequence[str], family: Family
) -> tuple[Cell, dict[Cell, Fraction]]:
    """The window whose old figure a conflict denies, as a sum of cells that were stated."""
    constraints = {each.statement: each for each in family.constraints}
    factors: defaultdict[str, Fraction] = defaultdict(Fraction)
    for each in conflict.proof:
        if each.row.label in old:
            factors[each.row.label] += each.factor if each.upper else -each.factor
    levels = {each: factors[each] for each in old if constraints[each].base is None}
    largest = max((abs(factor) for factor in levels.values()), default=Fraction(0))
    if len(levels) == len(old) and largest:
        terms = {
            constraints[each].cell: factor / largest for each, factor in levels.items() if factor
        }
        for signed in (terms, {cell: -factor for cell, factor in terms.items()}):
            period = _one_window(signed)
            if period is not None:
                return Cell(next(iter(signed)).series, period), signed
    implied = observations([constraints[each] for each in old])
    cell = implied[0].cell if implied else constraints[old[0]].cell
    return cell, {cell: _ONE}


def _one_window(terms: Mapping[Cell, Fraction]) -> Period | None:
    """The one window that a sum of windows of one series comes to."""
    if len({cell.series for cell in terms}) != 1:
        return None
    ends: Counter[int] = Counter()
    for cell, factor in terms.items():
        span = cell.period.month_span
        if span is None or abs(factor) != 1:
            return None
        ends[span[1]] += int(factor)
        ends[span[0]] -= int(factor)
    left = sorted((count, end) for end, count in ends.items() if count)
    if [count for count, _ in left] != [-1, 1]:
        return None
    start, end = (end for _, end in left)
    return Period.of_months(start // 12, start % 12 + 1, end - start) if start < end else None


def percent_of(size: Fraction | None, before: Fraction | None) -> Fraction | None:
    """A size in percent of the window as it was printed before."""
    return None if size is None or not before else size / abs(before) * 100


def revision(
    conflict: Conflict,
    size: Fraction | None,
    percent: Fraction | None,
    message: str,
    explainer: Explainer,
    tolerance: Fraction,
) -> Finding:
    """A restatement as a finding, large where it is above the *tolerance* or of unknown size."""
    if percent is not None:
        message += f"; {float(percent):.1f} % of the window"
    found = explainer.finding(Verdict.REVISION, conflict.statements, message, size)
    return found._replace(large=percent is None or percent > tolerance)


def missed_base(conflict: Conflict, explainer: Explainer, tolerance: Fraction) -> Finding | None:
    """The finding that a growth only misses what others printed of its base before.

    Growth speaks of the base as its own release restated it, so a miss is a restatement. Such a
    conflict has one growth with the level of its own document, and levels around its base that
    other documents printed, none of them later. None where the conflict is of another kind.
    """
    constraints = explainer.family.only(conflict.statements).constraints
    ratios = [each for each in constraints if each.base is not None]
    if len(ratios) != 1 or ratios[0].kind is ConstraintKind.SHARE:
        return None
    (ratio,) = ratios
    new = [each for each in constraints if each.base is None and each.cell == ratio.cell]
    old = [each for each in constraints if each.base is None and each.cell != ratio.cell]
    around = (each.cell.period.overlaps(ratio.cells[1].period) for each in old)
    if len(new) != 1 or not old or not all(around):
        return None
    behind = explainer.evidence.facts_behind
    growing, beside = behind(ratio.statement), behind(new[0].statement)
    older = [fact for each in old for fact in behind(each.statement)]
    documents = {name for fact in growing for name in (fact.source, fact.origin)}
    own, others = (
        [{fact.source, fact.origin} & documents for fact in of] for of in (beside, older)
    )
    if not any(own) or any(others):
        return None
    if any(released(growing[0]).precedes(released(fact)) for fact in older):
        return None
    explanation = explainer.conflict(conflict.statements)
    found = observations(constraints) or []
    printed = sum((each.value or _ZERO for each in found if not each.implied), _ZERO)
    grown = explainer.statement(ratio.statement)
    message = f"{grown} speaks of a restated base: {explanation.text}"
    size, percent = explanation.size, percent_of(explanation.size, printed)
    return revision(conflict, size, percent, message, explainer, tolerance)
