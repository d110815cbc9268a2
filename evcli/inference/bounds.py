"""Inferred figures: bounds that the facts of a family allow, and that hold (docs/design.md)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from math import inf

from evcli.core import formula as evaluate
from evcli.inference.derivations import Derivation, Derivations, as_of
from evcli.inference.family import Cell, ConstraintKind, Family, Objective, fact_of, last_month
from evcli.inference.system import FamilyProgram
from evcli.lp.program import End
from evcli.lp.simplex import labels_in
from evcli.model.period import Period
from evcli.model.quantity import Bounds, gap, quotient
from evcli.tuples import NamedTuple


@dataclass(frozen=True, slots=True)
class Inferred:
    """What follows for an objective.

    ``bounds`` allow for the usual restatement between releases. ``value`` is the first
    derivation's at the stated points, None where no formula leads there; ``in_formula`` are the
    statements that its formula names.
    ``statements`` are all that the bounds rest on, ``apart`` the derivations that show a
    restatement. Without derivations the bounds are what all rows together leave.
    """

    bounds: Bounds
    value: Fraction | None
    formula: str
    in_formula: tuple[str, ...]
    statements: tuple[str, ...]
    derivations: tuple[Derivation, ...] = ()
    apart: tuple[Derivation, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts that the bounds rest on."""
        return tuple(dict.fromkeys(map(fact_of, self.statements)))


class Disputed(NamedTuple):
    """Two derivations are further apart than a restatement goes, so nothing is inferred."""

    first: Derivation
    second: Derivation


class Negative(NamedTuple):
    """The objective would be below zero: a finding, not an answer."""

    bounds: Bounds
    statements: tuple[str, ...]
    formula: str


Inference = Inferred | Disputed | Negative


class Bounded:
    """The bounds that one family leaves many objectives, most of them over the same *cells*."""

    def __init__(self, family: Family, cells: Iterable[Cell]) -> None:
        self._family = family
        self._program = FamilyProgram(family, cells)
        self._holds = self._program.conflict() is None
        self._finer = lru_cache(_YEARS_AT_HAND)(self._made_for)
        self.of = cache(self._of)

    def _of(self, objective: Objective) -> tuple[Bounds, tuple[str, ...]] | None:
        """Between which ends the family leaves *objective*, and the statements that do.

        None where they cannot all hold. What can be spared of the statements is not looked for.
        KeyError for a cell of a series outside the family.
        """
        found = self.ends(objective)
        if found is None:
            return None
        low, high = found
        names = labels_in((*low.proof, *high.proof))
        return Bounds(low.value, high.value), self._program.in_order(names)

    def ends(self, objective: Objective, *, closed: bool = False) -> tuple[End, End] | None:
        """The least and the greatest, each with its proof; None where not all can hold.

        None as well, if it has to be *closed*, where the least is no more than nothing.
        """
        if not self._holds:
            return None
        program = self._program
        try:
            program.form_of((*objective.over, *objective.under))
        except KeyError:  # no cell that it was made for
            months = (each for cell in objective.cells for each in self._months(cell))
            program = self._finer(tuple(dict.fromkeys(months)))
        program = program.copy()  # so that no proof depends on earlier questions
        least = program.end(objective, least=True)
        if closed and (least.value is None or least.value <= objective.shift):
            return None
        return least, program.end(objective, least=False)

    def _months(self, cell: Cell) -> Iterator[Cell]:
        """The months of the years in which a window begins and ends, or what is no such window.

        Other windows of these years are made of them, too: most questions come year by year.
        """
        begin, end = cell.period.start, cell.period.last_day
        if cell.series not in self._family.flows or cell.period.month_span is None:
            yield cell
        elif begin and end:
            for year in map(Period.of_year, dict.fromkeys((begin.year, end.year))):
                yield from (Cell(cell.series, month) for month in year.split_into(1))

    def _made_for(self, cells: tuple[Cell, ...]) -> FamilyProgram:
        program = FamilyProgram(self._family, cells)
        program.conflict()  # moves its point to where all holds
        return program


def bounds_of(family: Family, objective: Objective) -> Bounds | None:
    """Between which ends *family* leaves *objective*; None where it cannot all hold."""
    found = Bounded(family, objective.cells).of(objective)
    return None if found is None else found[0]


_YEARS_AT_HAND = 4  # of which programs are kept
_EVER = (0, inf)  # from the first release to the last
_MANY = 150  # statements in a family; of more, only what is said of the years around counts
_LATER = 14  # releases after a window that may say what it was
_COMPARABLE = 4  # times as wide as the narrowest, and a little: what may show a restatement
_LITTLE = Fraction(1, 50)
YEAR = 12  # months
_FURTHEST = Fraction(1, 4)  # of the figure: no restatement goes further
_MOST_REBASED = Fraction(1, 10)  # of a base: one that moved by more is not the same count


class Inferences:
    """What follows from one family for many objectives; what one finds, the next need not.

    A figure is as the release of its own month has it; with the *vintage* ``now`` as the newest
    has it. With any vintage it is that one alone, without what other releases show of it.
    """

    def __init__(self, family: Family, vintage: str = "") -> None:
        self.family, self._vintage = family, vintage
        self._derivations = cache(lambda which: Derivations(family.only(self._made(*which))))
        self._bounded = cache(self._rows)
        self.derivations = cache(self._all_derivations)
        self._alone = len(set(family.months.values())) == 1  # nothing else could restate it
        self._rebased = self._seen_of_bases()

    def of(self, objective: Objective, *, closed: bool = False) -> Inference | None:
        """What follows: the narrowest derivation, else what the rows together leave.

        None where these cannot all hold, or leave an open range though it has to be *closed*,
        which is soon found out.
        """
        found = self.derivations(objective)
        if not found:
            return self._by_rows(objective, closed=closed)
        weighed = self._weighed(found)
        if isinstance(weighed, Disputed):
            return weighed
        (bounds, apart), first = weighed, found[0]
        statements = [name for way in (first, *apart) for name in way.statements]
        if not apart:
            # the release that closes the last window, all of it together, may be tighter than any
            # one derivation; the only release there is, whatever it closes
            own = max(last_month(cell.period) for cell in objective.cells)
            said = self.family.only(self._made(*(_EVER if self._alone else (own, own))))
            rows = self._bounded(said.statements, widened=False)
            closer, by = self._left(rows, objective) or (Bounds(), ())
            both = bounds.intersect(closer)
            if both is not None and both != bounds:
                bounds, statements = both, [*statements, *by]
        if bounds.high is not None and bounds.high < objective.shift:
            return Negative(bounds, self._in_order(statements), first.formula)
        bounds = objective.floored(bounds)
        inside = first.value is not None and bounds.contains(first.value)
        return Inferred(
            bounds,
            first.value if inside else None,
            first.formula,
            first.statements,
            self._in_order(statements),
            tuple(found),
            tuple(apart),
        )

    def without(self, cell: Cell) -> "Inferences":
        """What follows from the rest, without the levels that are stated of *cell*."""
        levels = {each.statement for each in self.family.constraints if each.cells == (cell,)}
        if not levels:
            return self
        rest = self.family.only({*self.family.statements} - levels)
        return Inferences(rest, self._vintage)

    def follows(self, objective: Objective) -> bool:
        """Whether some derivation leads to *objective*, undisputed."""
        found = self.derivations(objective)
        return bool(found) and not isinstance(self._weighed(found), Disputed)

    def _weighed(self, found: Sequence[Derivation]) -> tuple[Bounds, list[Derivation]] | Disputed:
        """The bounds of the first, and the others that show a restatement, which they take in."""
        first, *others = found
        bounds, strict, width = first.bounds, first.strict, first.bounds.width
        apart: list[Derivation] = []
        for each in others:
            if width is None or each.bounds.width is None or bounds.high is None:
                break
            most = _COMPARABLE * width + abs(bounds.high) * _LITTLE
            if each.bounds.width > most and not self._alone:
                break
            if each.strict.intersect(strict) is None:
                if self._alone or gap(first.strict, each.strict) > _FURTHEST:
                    return Disputed(first, each)
                if self._vintage:  # the one that is closest to it
                    continue
                bounds, strict = bounds.hull(each.bounds), strict.hull(each.strict)
                apart.append(each)
            elif not apart and each.bounds == each.strict:  # of one release, as the first may be
                bounds = each.bounds.intersect(bounds) or bounds
        return bounds, apart

    def _all_derivations(self, objective: Objective) -> list[Derivation]:
        """Derivations from all that is stated, and from what some releases state alone, each
        brought to the release that closes the objective's last window; the narrowest first.
        """
        own = max(last_month(cell.period) for cell in objective.cells)
        later = sorted({month for month in self.family.months.values() if month >= own})
        every = self._derivations(_EVER).of(objective)
        found = {tuple(sorted(each.statements)): each for each in every}
        if not found:
            return []
        among = [(0, own), (own + 1, inf), *((each, each) for each in later[:_LATER])]
        for which in () if self._alone else among:
            for each in self._derivations(which).of(objective):
                found.setdefault(tuple(sorted(each.statements)), each)
        series = objective.cells[0].series
        wanted = max(self.family.months.values()) if self._vintage == "now" else own

        def restated(release: int, other: int) -> Fraction:
            if self._alone:
                return Fraction(0)
            usual = self.family.usual[series].between(release, other)
            seen = self._rebased.get((series, (max(release, other) - 1) // YEAR), usual)
            return max(usual, seen) if abs(release - other) >= YEAR else usual

        months = self.family.months
        brought = (
            each._replace(
                bounds=evaluate.bounds(as_of(each.tree, months, wanted, restated)),
                months=tuple(sorted({months[statement] for statement in each.statements})),
            )
            for each in found.values()
        )
        ordered = sorted(brought, key=Derivation.order)
        return [each._replace(bounds=objective.floored(each.bounds)) for each in ordered]

    def _in_order(self, statements: Collection[str]) -> tuple[str, ...]:
        return tuple(each for each in self.family.statements if each in statements)

    def _made(self, first: float, last: float) -> set[str]:
        """The statements of the releases from the month *first* to the *last*."""
        months = self.family.months
        return {each for each in self.family.statements if first <= months[each] <= last}

    def _seen_of_bases(self) -> dict[tuple[str, int], Fraction]:
        """By series and year of release the furthest that growth puts a base from its print."""
        levels = {each.cell: each.bounds for each in self.family.constraints if each.base is None}
        seen: dict[tuple[str, int], Fraction] = {}
        for each in self.family.constraints:
            if each.kind is ConstraintKind.YOY and each.base in levels and each.cell in levels:
                by = gap(quotient(levels[each.cell], each.bounds), levels[each.base])
                key = each.cell.series, (self.family.months[each.statement] - 1) // YEAR
                if by <= _MOST_REBASED:
                    seen[key] = max(by, seen.get(key, by))
        return seen

    # --- rows together ------------------------------------------------------------

    def _by_rows(self, objective: Objective, *, closed: bool) -> Inferred | None:
        """The range that the rows leave, each as wide as a restatement usually goes."""
        family = self.family
        if len(family.statements) > _MANY:
            family = _around(family, objective.cells)
        rows = self._bounded(family.statements, widened=not self._alone)
        found = self._left(rows, objective, closed=closed)
        return None if found is None else Inferred(found[0], None, "", (), found[1])

    def _left(
        self, rows: Bounded, objective: Objective, *, closed: bool = False
    ) -> tuple[Bounds, tuple[str, ...]] | None:
        """The bounds by *rows*, open where only that a count is never negative gives an end."""
        found = rows.ends(objective, closed=closed)
        if found is None:
            return None
        low, high = (each.value if labels_in(each.proof) else None for each in found)
        named = labels_in((*found[0].proof, *found[1].proof))
        return Bounds(None if low == objective.shift else low, high), self._in_order(named)

    def _rows(self, statements: tuple[str, ...], *, widened: bool) -> Bounded:
        family = self.family.only(statements)
        if widened:
            usual = max(each.between(0, YEAR) for each in self.family.usual.values())
            rows = (each._replace(bounds=each.bounds.widened(usual)) for each in family.constraints)
            family = replace(family, constraints=tuple(rows))
        return Bounded(family, ())


def _around(family: Family, cells: Collection[Cell]) -> Family:
    """What *family* states of the years of *cells* and of those next to them.

    Bounds from fewer statements are never too narrow; what is stated of other years hardly ever
    makes them narrower.
    """
    spans = [span for each in cells if (span := each.period.month_span) is not None]
    if not spans:
        return family
    first = min(begin for begin, _ in spans) // 12 * 12 - 12
    last = -(-max(end for _, end in spans) // 12) * 12 + 12
    near = set()
    for each in family.constraints:
        windows = (cell.period.month_span for cell in each.cells)
        if any(span is None or (span[1] > first and span[0] < last) for span in windows):
            near.add(each.statement)
    return family.only(near)
