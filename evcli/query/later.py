"""What later releases imply of a window that was printed before.

It tells that by two windows that differ by it or make it up, or by a level with its growth on it.
Nothing is allowed for: inside a release no window is restated against another.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from evcli.model.note import Note, NoteKind
from evcli.model.period import Period
from evcli.model.quantity import Bounds, gap, intersect_all, quotient
from evcli.model.records import Fact
from evcli.store.reader import UnreadFact
from evcli.text.numbers import between
from evcli.tuples import NamedTuple

_WHOLE = Fraction(100)  # per cent
_FURTHEST = Fraction(1, 4)  # of the figure: no restatement goes further
_Pair = tuple[int, Period, Period, set[int]]


class Later(NamedTuple):
    """What the release of a month, counted from the year 0, implies; on which facts that rests."""

    bounds: Bounds
    month: int
    expression: str
    facts: tuple[Fact, ...]

    @property
    def note(self) -> Note:
        """The same as a note."""
        release = releases_in_words([self.month])
        text = f"{between(*self.bounds)} by {release} ({self.expression})"
        return Note(NoteKind.REVISION, text, tuple(fact.id for fact in self.facts))


class Releases:
    """What the releases of one series state; each is known by the last month that it counts."""

    def __init__(self, facts: Mapping[Period, Sequence[UnreadFact]]) -> None:
        self._facts: dict[Period, list[UnreadFact]] = {}
        self._month: dict[str, int] = {}
        self._beside: dict[date | None, list[Period]] = {}  # windows by either end
        for window, some in facts.items():
            usable = [e for e in some if e.status != "forecast" and e.rank != "deprecated"]
            if usable and window.month_span is not None:
                last = window.month_span[1]
                self._facts[window] = usable
                for each in usable:
                    self._month[each.origin] = max(last, self._month.get(each.origin, last))
                for end in window:
                    self._beside.setdefault(end, []).append(window)
        month = self._month
        self._months = {at: {month[e.origin] for e in some} for at, some in self._facts.items()}

    def first(self, window: Period) -> list[UnreadFact]:
        """What the first release says of it that prints *window*."""
        first = min(self._months.get(window, ()), default=0)
        return [e for e in self._facts.get(window, ()) if self._month[e.origin] == first]

    def after(self, window: Period, printed: Bounds) -> Later | None:
        """What the releases imply that came after those that print *window*, if any does.

        The narrowest of those that no newer one excludes. What is further from what is *printed*
        than a restatement goes is counted otherwise.
        """
        if window not in self._facts:
            return None
        last = max(self._months[window])
        pairs = list(self._pairs(window, last))
        later = {month for *_, months in pairs for month in months if month > last}
        newer: list[Later] = []
        for month in sorted(later, reverse=True):
            ways = [self._way(month, pair) for pair in pairs if month in pair[3]]
            found = [each for each in ways if each and gap(each.bounds, printed) <= _FURTHEST]
            together = intersect_all(each.bounds for each in (*found, *newer))
            if found and together is not None:
                newer += found
        return min(newer, key=lambda each: each.bounds.looseness, default=None)

    def _pairs(self, window: Period, last: int) -> Iterator[_Pair]:
        """Two windows that tell a third, one less (-1) or with (1) the other, or a year later (0),
        and the releases that print both, some after the *last*.
        """
        for end in window:
            for other in self._beside.get(end, ()):
                if max(self._months[other]) <= last:
                    continue
                rest = other.minus(window) or window.minus(other)
                if rest in self._facts:
                    sign = -1 if other.contains(window) else 1
                    yield sign, other, rest, self._months[other] & self._months[rest]
        after = window.shift(months=12)
        if after in self._facts:
            yield 0, after, after, self._months[after]

    def _way(self, month: int, pair: _Pair) -> Later | None:
        """What a release says by two windows, or by a level and its growth."""
        sign, one, other, _ = pair
        facts, more = self._said(month, one), self._said(month, other) if sign else []
        level = intersect_all(fact.bounds for fact in facts)
        if sign:
            rest = intersect_all(fact.bounds for fact in more)
            text = f"{one} {'+' if sign > 0 else '-'} {other}"
        else:
            rest = intersect_all(fact.yoy.bounds for fact in facts if fact.yoy is not None)
            text = f"{one} and its growth"
        if level is None or rest is None:
            return None
        if sign:
            bounds = level.plus(rest if sign > 0 else rest.negate())
        else:
            bounds = quotient(level, rest.shift(_WHOLE).scale(1 / _WHOLE))
        return Later(bounds, month, text, (*facts, *more))

    def _said(self, month: int, window: Period) -> list[Fact]:
        return [each.read() for each in self._facts[window] if self._month[each.origin] == month]


def releases_in_words(months: Sequence[int]) -> str:
    """What people call releases, by their months.

    >>> releases_in_words([24306]), releases_in_words([24305, 24306])
    ('the Jun 2025 release', 'the releases of May 2025 and Jun 2025')
    >>> releases_in_words(range(24301, 24307))
    '6 releases from Jan 2025 to Jun 2025'
    """
    named = [Period.of_months((each - 1) // 12, (each - 1) % 12 + 1, 1).label for each in months]
    if len(named) == 1:
        return f"the {named[0]} release"
    if len(named) == 2:
        return f"the releases of {' and '.join(named)}"
    return f"{len(named)} releases from {named[0]} to {named[-1]}"
