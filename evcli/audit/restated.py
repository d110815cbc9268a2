"""Which window a release restated, and what was printed of it before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from evcli.audit.telling import leaves
from evcli.inference import Bounded, Cell, Conflict, Derivation, Derivations, Family, Objective
from evcli.model.period import Period
from evcli.model.quantity import Bounds


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
