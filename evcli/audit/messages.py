"""Conflicts in plain words: "Jan-Nov 2024 would be 507,500, but Jan-May 2024 alone was 519,400".

A level with its growth says what the base was. Once such pairs are read as their bases, most
conflicts are two figures that exclude each other, or a sum that does not come out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from evcli.audit.evidence import Evidence
from evcli.inference import (
    Assertion,
    Cell,
    Conflict,
    ConstraintKind,
    Family,
    Objective,
    bounds_of,
)
from evcli.lp.rows import combine
from evcli.model.quantity import Bounds
from evcli.text.phrases import listed, short_period
from evcli.text.rounding import short_number, short_range

_MOST_TOLD = 6  # statements in a sentence; the finding names them all


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one source says, or implies, of one window."""

    window: Cell
    bounds: Bounds
    value: Fraction | None
    statements: tuple[str, ...]
    implied: bool

    @property
    def size(self) -> Fraction | None:
        """The number to print: the value, else the end that is known."""
        low, high = self.bounds.low, self.bounds.high
        return self.value if self.value is not None else low if low is not None else high


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict in words, and how large the gap is at the printed numbers."""

    text: str
    size: Fraction | None
    percent: Fraction | None = None  # the gap in percent of what one statement says


def leaves(said: Sequence[Assertion]) -> list[Leaf] | None:
    """The assertions as figures of single windows; None where some say more than that."""
    levels = {each.window: each for each in said if each.kind is ConstraintKind.LEVEL}
    ratios = [each for each in said if each.base is not None]
    found: list[Leaf] = []
    used: set[str] = set()
    for each in ratios:
        assert each.base is not None
        level = levels.get(each.window)
        if level is None or level.statement in used or each.kind is ConstraintKind.SHARE:
            return None
        used.add(level.statement)
        bounds = _divided(level.bounds, each.bounds)
        value = level.value / each.value if level.value is not None and each.value else None
        both = (level.statement, each.statement)
        found.append(Leaf(each.base, bounds, value, both, implied=True))
    for each in said:
        if each.base is None and each.statement not in used:
            own = (each.statement,)
            found.append(Leaf(each.window, each.bounds, each.value, own, implied=False))
    return found


def _divided(level: Bounds, factor: Bounds) -> Bounds:
    low = level.low / factor.high if level.low is not None and factor.high else None
    high = level.high / factor.low if level.high is not None and factor.low else None
    return Bounds(low, high)


class Narrator:
    """Tells the conflicts of one family."""

    def __init__(self, book: Evidence, family: Family) -> None:
        self.book = book
        self.family = family
        self._said = {each.statement: each for each in family.assertions}

    def unit(self, statement: str) -> str:
        """The unit of what a statement is about."""
        series = self.family.series.get(self._said[statement].window.series)
        return series.unit if series else ""

    def sources(self, statements: Sequence[str]) -> str:
        """The sources of statements, as they stand in brackets."""
        return ", ".join(self.book.sources_of(statements))

    def statement(self, statement: str) -> str:
        """What is stated, in the words of its source."""
        fact = self.book.facts_behind(statement)[0]
        words = {
            ConstraintKind.YOY: fact.yoy_stated,
            ConstraintKind.MOM: fact.mom_stated,
            ConstraintKind.CHANGE: (
                f"{fact.change.stated} over {fact.change.over}" if fact.change else ""
            ),
        }.get(self._said[statement].kind, fact.stated)
        return f'"{words}" for {short_period(fact.period)} ({self.sources([statement])})'

    def conflict(self, statements: Sequence[str]) -> Told:
        """Why these cannot all hold."""
        return self._plainly(statements) or self._victim(statements)

    def restatement(self, conflict: Conflict, old: Collection[str]) -> Told:
        """The same, sized by the *old* figure that need have been restated least of its window.

        The proof of a conflict that none of its statements can be spared of tells how far each
        end has to move: as far as the contradiction goes, by the weight of the end in it.
        """
        gap = -combine(conflict.proof)[1]
        moves: list[tuple[Fraction, str, Fraction, Bounds]] = []
        for each in conflict.proof:
            said = self._said.get(each.row.statement)
            if said is not None and said.base is None and said.value and said.statement in old:
                move = gap / each.factor
                beyond = each.end + move if each.upper else each.end - move
                bounds = Bounds(beyond, None) if each.upper else Bounds(None, beyond)
                moves.append((move / abs(said.value), said.statement, move, bounds))
        if not moves:
            return self.conflict(conflict.statements)
        part, victim, move, follows = min(moves)
        told = self._plainly(conflict.statements) or self._against(
            victim, [each for each in conflict.statements if each != victim], follows
        )
        return Told(told.text, move, part * 100)

    def _plainly(self, statements: Sequence[str]) -> Told | None:
        found = leaves([self._said[each] for each in statements])
        if found is None:
            return None
        return self._pair(found) if len(found) == 2 else self._sum(found) or self._whole(found)

    # --- figures of single windows --------------------------------------------------------------

    def _pair(self, found: Sequence[Leaf]) -> Told | None:
        first, second = found
        if first.bounds.intersect(second.bounds) is not None and first.window == second.window:
            return None
        if first.window.series != second.window.series:
            return self._part(found)
        if first.window == second.window:
            if second.implied and not first.implied:
                first, second = second, first
            text = f"{self._by(first)}, but {self._was(second)} {self._from(second)}"
            return Told(text, _gap(first, second))
        outer, inner = found
        if not outer.window.period.contains(inner.window.period):
            outer, inner = inner, outer
        if not outer.window.period.contains(inner.window.period) or not _above(inner, outer):
            return None
        alone = f"{short_period(inner.window.period)} alone {self._verb(inner, past=True)}"
        text = f"{self._by(outer)}, but {alone} {self._size(inner)} {self._from(inner)}"
        return Told(text, _gap(outer, inner))

    def _part(self, found: Sequence[Leaf]) -> Told | None:
        first, second = found
        if first.window.period != second.window.period:
            return None
        for part, whole in ((first, second), (second, first)):
            if self._lies_in(part, whole) and _above(part, whole):
                text = (
                    f"in {short_period(part.window.period)} {self._title(part)} {self._size(part)} "
                    f"{self._from(part)}, more than {self._title(whole)} {self._size(whole)} "
                    f"{self._from(whole)} that it is part of"
                )
                return Told(text, _gap(part, whole))
        return None

    def _lies_in(self, part: Leaf, whole: Leaf) -> bool:
        above = {part.window.series}
        for _ in self.family.links:
            above |= {link.whole for link in self.family.links if above.intersection(link.parts)}
        return whole.window.series in above and whole.window.series != part.window.series

    def _sum(self, found: Sequence[Leaf]) -> Told | None:
        """Windows of one series that make up another."""
        if len({leaf.window.series for leaf in found}) > 1:
            return None
        spans = [leaf.window.period.month_span for leaf in found]
        if None in spans:
            return None
        order = sorted(found, key=lambda leaf: -(leaf.window.period.months or 0))
        outer, inner = order[0], sorted(order[1:], key=lambda leaf: leaf.window.period.sort_key)
        periods = [leaf.window.period for leaf in inner]
        if any(not outer.window.period.contains(period) for period in periods) or any(
            one.overlaps(other) for one, other in pairwise(periods)
        ):
            return None
        whole = sum(period.months or 0 for period in periods) == outer.window.period.months
        sizes = [leaf.size for leaf in inner]
        total = sum((size for size in sizes if size is not None), Fraction(0))
        if not whole and (outer.size is None or total <= outer.size):
            return None
        parts = listed(
            [
                f"{short_period(leaf.window.period)} {self._size(leaf)} {self._from(leaf)}"
                for leaf in inner
            ]
        )
        unit = self.unit(outer.statements[0])
        sum_ = short_number(total, unit, derived=any(leaf.implied for leaf in inner))
        text = f"{parts} come to {sum_}, but {self._was(outer)} {self._from(outer)}"
        return Told(text, None if outer.size is None else abs(total - outer.size))

    def _whole(self, found: Sequence[Leaf]) -> Told | None:
        """Parts of one whole in one period."""
        if len({leaf.window.period for leaf in found}) > 1:
            return None
        by_series = {leaf.window.series: leaf for leaf in found}
        for link in self.family.links:
            if link.whole in by_series and {link.whole, *link.parts} >= by_series.keys():
                whole = by_series.pop(link.whole)
                sizes = [leaf.size or Fraction(0) for leaf in by_series.values()]
                parts = listed(
                    [
                        f"{self._title(leaf)} {self._size(leaf)} {self._from(leaf)}"
                        for leaf in by_series.values()
                    ]
                )
                total, unit = sum(sizes, Fraction(0)), self.unit(whole.statements[0])
                text = (
                    f"in {short_period(whole.window.period)} {parts} come to "
                    f"{short_number(total, unit)}, but {self._title(whole)} was "
                    f"{self._size(whole)} {self._from(whole)}"
                )
                return Told(text, abs(total - whole.size) if whole.size is not None else None)
        return None

    # --- anything else --------------------------------------------------------------------------

    def _victim(self, statements: Sequence[str]) -> Told:
        """One statement against what follows from all the others."""
        for victim in statements:
            said = self._said[victim]
            target = Objective.window(said.window)
            if said.base is not None:
                base = Objective.window(said.base)
                share = said.kind is ConstraintKind.SHARE
                target = Objective.share(target, base) if share else Objective.growth(target, base)
            others = [each for each in statements if each != victim]
            follows = bounds_of(self.family.only(others), target)
            if follows is not None and follows != Bounds():
                told = self._against(victim, others, follows)
                return Told(told.text, *_distance(follows, said))
        return Told(f"these cannot all hold: {self._each(statements)}", None)

    def _against(self, victim: str, others: Sequence[str], follows: Bounds) -> Told:
        unit = "percent" if self._said[victim].base is not None else self.unit(victim)
        by, would = self._each(others), short_range(*follows, unit)
        return Told(f"by {by} it would be {would}, but {self.statement(victim)} is stated", None)

    def _each(self, statements: Sequence[str]) -> str:
        told = [self.statement(each) for each in statements]
        if len(told) > _MOST_TOLD:
            told = [*told[: _MOST_TOLD - 1], f"{len(told) - _MOST_TOLD + 1} more"]
        return listed(told)

    # --- words ----------------------------------------------------------------------------------

    def _by(self, leaf: Leaf) -> str:
        return self._was(leaf) if leaf.implied else f"{self._was(leaf)} {self._from(leaf)}"

    def _was(self, leaf: Leaf) -> str:
        return f"{short_period(leaf.window.period)} {self._verb(leaf)} {self._size(leaf)}"

    def _verb(self, leaf: Leaf, *, past: bool = False) -> str:
        return "would be" if leaf.implied and not past else "was"

    def _size(self, leaf: Leaf) -> str:
        unit = self.unit(leaf.statements[0])
        if leaf.value is None:
            return short_range(*leaf.bounds, unit)
        return short_number(leaf.value, unit, derived=leaf.implied)

    def _from(self, leaf: Leaf) -> str:
        return f"({self.sources(leaf.statements)})"

    def _title(self, leaf: Leaf) -> str:
        series = self.family.series[leaf.window.series]
        scope = self.book.words.scopes.get(series.scope)
        others = self.family.series.values()
        names = [
            getattr(series, name)
            for name in ("subject", "destination")
            if len({getattr(each, name) for each in others}) > 1
        ]
        what = scope.name if scope else series.scope
        return f"{what}, {', '.join(names)}" if names else what


def _above(one: Leaf, other: Leaf) -> bool:
    low, high = one.bounds.low, other.bounds.high
    return low is not None and high is not None and low > high


def _gap(one: Leaf, other: Leaf) -> Fraction | None:
    return None if one.size is None or other.size is None else abs(one.size - other.size)


def _distance(bounds: Bounds, said: Assertion) -> tuple[Fraction | None, Fraction | None]:
    """How far a statement is from what follows, and that in percent of it."""
    value = said.value
    if value is None:
        return None, None
    whole, shown = value, value
    if said.base is not None:
        whole = value * 100
        shown = whole - (0 if said.kind is ConstraintKind.SHARE else 100)
    ends = [abs(end - shown) for end in bounds if end is not None]
    size = min(ends, default=None)
    return size, None if size is None or not whole else size / whole * 100
