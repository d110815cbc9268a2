"""An exact simplex over fractions that holds only the rows which are active.

The unknowns are free, everything else is a row ``low <= form <= high``. Some rows are *tight*: the
coordinates of the point are these and the unknowns that none of them has fixed yet; fixed unknowns
are kept as whole-number combinations of coordinates. All other rows are looked at only where the
point moves, so a question about one window touches its neighbourhood and not the whole system. A
row enters when the point would leave it, and is forgotten when another takes its place.

All is exact, and counted in a unit in which every end is whole, so nearly all of it is done in
whole numbers. Where an unknown is, is worked out when it is asked for, and kept till it moves.

:meth:`Simplex.repair` moves the point into all rows or returns a proof that none is
(Dutertre and de Moura's method); :meth:`Simplex.maximise` climbs from a point inside. Both
fall back to Bland's rule, so both end.
"""

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextvars import ContextVar
from copy import copy
from fractions import Fraction
from operator import mul
from typing import Self

from evcli.tuples import NamedTuple

_PATIENCE = 20  # pivots per row before Bland's rule takes over
_ZERO = Fraction(0)

Form = Mapping[int, Fraction]  # unknown -> coefficient


def minus(form: Form, other: Form, times: Fraction) -> dict[int, Fraction]:
    """*form* less so many times the *other*."""
    result = dict(form)
    for at, value in other.items():
        result[at] = result.get(at, _ZERO) - times * value
    return {at: value for at, value in result.items() if value}


class Row(NamedTuple):
    """``low <= sum of coefficient * unknown <= high``, whole coefficients, either end open.

    Rows of one label are switched on and off together; one without a label always counts.
    """

    terms: tuple[tuple[int, int], ...]
    low: Fraction | None
    high: Fraction | None
    label: str = ""

    @classmethod
    def of(cls, form: Form, low: Fraction | None, high: Fraction | None, label: str = "") -> Self:
        """Clear the denominators of *form*; the ends are multiplied along.

        >>> Row.of({0: Fraction(1), 1: Fraction(-1, 2)}, Fraction(3), None).terms
        ((0, 2), (1, -1))
        """
        scale = math.lcm(*(value.denominator for value in form.values()))
        terms = tuple(
            (at, value.numerator * (scale // value.denominator))
            for at, value in form.items()
            if value
        )
        if scale != 1:
            low, high = (None if end is None else end * scale for end in (low, high))
        return cls(terms, low, high, label)


class Multiplier(NamedTuple):
    """How often one end of a row enters a proof; ``upper`` says which end."""

    row: Row
    upper: bool
    factor: Fraction

    @property
    def end(self) -> Fraction:
        """The end used."""
        end = self.row.high if self.upper else self.row.low
        assert end is not None
        return end


Proof = tuple[Multiplier, ...]


def labels_in(proof: Iterable[Multiplier]) -> set[str]:
    """The labels of the rows that a proof adds up."""
    return {each.row.label for each in proof} - {""}


def combine(proof: Iterable[Multiplier]) -> tuple[dict[int, Fraction], Fraction]:
    """Add up ``form <= limit`` over a proof, lower ends turned round.

    >>> row = Row(((0, 1),), Fraction(2), Fraction(3))
    >>> combine([Multiplier(row, True, Fraction(1)), Multiplier(row, False, Fraction(1))])
    ({}, Fraction(1, 1))
    """
    form: dict[int, Fraction] = {}
    limit = Fraction(0)
    for each in proof:
        if each.factor < 0:
            raise ValueError("a proof adds rows up, it never takes them away")
        signed = each.factor if each.upper else -each.factor
        limit += signed * each.end
        for at, coefficient in each.row.terms:
            form[at] = form.get(at, Fraction(0)) + signed * coefficient
    return {at: value for at, value in form.items() if value}, limit


# a coordinate is an unknown that nothing has fixed yet, or a row (numbered after the unknowns)
Combination = dict[int, int]  # coordinate -> whole coefficient
Expressed = tuple[Combination, int]  # a combination and the scale to divide it by
Rate = int | Fraction


class Tableau:
    """What each fixed unknown u is: ``scale[u] * u`` is the sum of ``combination[u][c] * c``.

    >>> tableau = Tableau(2)
    >>> form = tableau.express([(0, 1), (1, -2)])
    >>> tableau.pivot(2, *form, 0)  # row 2 is x0 - 2 x1, and x0 leaves
    >>> tableau.express([(0, 1)])
    ({1: 2, 2: 1}, 1)
    """

    def __init__(self, size: int) -> None:
        self._size = size  # unknowns
        self.combination: dict[int, Combination] = {}
        self.scale: dict[int, int] = {}
        self._uses: dict[int, set[int]] = {}  # coordinate -> fixed unknowns that rest on it

    def express(self, terms: Collection[tuple[int, int]]) -> Expressed:
        """A form in the current coordinates: combination and scale, in lowest terms."""
        scale = math.lcm(*(self.scale.get(unknown, 1) for unknown, _ in terms))
        result: Combination = {}
        for unknown, coefficient in terms:
            factor = coefficient * (scale // self.scale.get(unknown, 1))
            for at, value in self.combination.get(unknown, {unknown: 1}).items():
                result[at] = result.get(at, 0) + factor * value
        return _reduced({at: value for at, value in result.items() if value}, scale)

    def pivot(self, entering: int, combination: Combination, scale: int, leaving: int) -> None:
        """Let the form that *combination* expresses be a coordinate in place of *leaving*."""
        pivot = combination[leaving]
        sign = 1 if pivot > 0 else -1
        # |pivot| * leaving = sign * (scale * entering - the others)
        instead = {at: -sign * value for at, value in combination.items() if at != leaving}
        instead[entering] = sign * scale
        divisor = abs(pivot)
        resting = self._uses.pop(leaving, set())
        others = [(at, value, self._uses.setdefault(at, set())) for at, value in instead.items()]
        for unknown in resting:
            old, scale = self.combination[unknown], self.scale[unknown]
            factor = old.pop(leaving)
            common = math.gcd(factor, divisor)
            stretch, factor = divisor // common, factor // common
            if stretch != 1:
                scale *= stretch
                for at in old:
                    old[at] *= stretch
            for at, value, uses in others:
                if at not in old:
                    old[at] = factor * value
                    uses.add(unknown)
                elif new := old[at] + factor * value:
                    old[at] = new
                else:
                    del old[at]
                    uses.discard(unknown)
            self.combination[unknown], self.scale[unknown] = _reduced(old, scale)
        if leaving < self._size:
            self.combination[leaving], self.scale[leaving] = _reduced(instead, divisor)
            for _, _, uses in others:
                uses.add(leaving)

    def copy(self) -> "Tableau":
        """The same tableau, to go its own way."""
        other = Tableau(self._size)
        other.scale = dict(self.scale)
        other.combination = {at: dict(each) for at, each in self.combination.items()}
        other._uses = {at: set(each) for at, each in self._uses.items()}
        return other

    def weight(self, coordinate: int) -> int:
        """How many fixed unknowns rest on a coordinate."""
        return len(self._uses.get(coordinate, ()))

    def moved(self, coordinate: int) -> list[int]:
        """The unknowns that move with *coordinate*."""
        own = [coordinate] if coordinate < self._size else []
        return [*self._uses.get(coordinate, ()), *own]

    def rate(self, terms: Iterable[tuple[int, Rate]], coordinate: int) -> Rate:
        """How much a form grows when *coordinate* grows by one."""
        combination, scale = self.combination, self.scale
        paces = (
            (coefficient, combination.get(at, {at: 1}).get(coordinate, 0), scale.get(at, 1))
            for at, coefficient in terms
        )
        return divided(*added_up(paces))


def added_up(terms: Iterable[tuple[Rate, Rate, int]]) -> tuple[Rate, int]:
    """What coefficients times quotients come to: a number, and what it is to be divided by.

    >>> added_up([(2, 5, 1), (1, 3, 4)])
    (43, 4)
    """
    total: Rate = 0
    below = 1
    for coefficient, number, by in terms:
        if by != below:
            total, number, below = total * by, number * below, below * by
        total += coefficient * number
    return total, below


def divided(number: Rate, by: Rate) -> Rate:
    """The quotient, whole where it can be."""
    if by == 1:
        return number
    whole, rest = divmod(number, by)
    return Fraction(number, by) if rest else whole


def _reduced(combination: Combination, scale: int) -> Expressed:
    if scale == 1:
        return combination, scale
    common = math.gcd(scale, *combination.values())
    if common > 1:
        return {at: value // common for at, value in combination.items()}, scale // common
    return combination, scale


class OverBudget(Exception):
    """A question needs more pivots than allowed; others can be asked, once labels are allowed."""


class Budget:
    """How many *pivots* were made, of *most* that may be; several programs can share one."""

    def __init__(self, most: float = math.inf) -> None:
        self.most, self.pivots = most, 0

    def spend(self) -> None:
        """Count one more; OverBudget where none is left."""
        if self.pivots >= self.most:
            raise OverBudget(f"more than {self.most} pivots")
        self.pivots += 1


# what the programs made from now on spend from
BUDGET: ContextVar[Budget | None] = ContextVar("BUDGET", default=None)


class Ray(NamedTuple):
    """A coordinate along which a form grows without end, upwards (1) or downwards (-1)."""

    coordinate: int
    step: int


class Simplex:
    """A set of rows, which may be switched off and on, and a current point."""

    def __init__(self, size: int, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.budget = BUDGET.get() or Budget()
        self.size = size  # coordinate n >= size is row n - size
        ends = [end for row in rows for end in (row.low, row.high) if end is not None]
        self._unit = math.lcm(*(end.denominator for end in ends))  # so many make one
        self._ends = [(self._units(row.low), self._units(row.high)) for row in rows]
        self._here: dict[int, Rate] = dict.fromkeys(range(size), 0)  # where each coordinate stands
        self._known: dict[int, tuple[Rate, int]] = {}  # and unknowns that have not moved since
        self._patience = _PATIENCE * (len(rows) + 1)
        self._on = [True] * len(rows)
        self._touching: list[list[int]] = [[] for _ in range(size)]
        for at, row in enumerate(rows):
            for unknown, _ in row.terms:
                self._touching[unknown].append(at)
        self._tableau = Tableau(size)
        self._suspects: list[int] = list(range(len(rows)))
        self._suspected = [True] * len(rows)
        for at, row in enumerate(rows):
            if row.low is not None and row.low == row.high and not row.label:
                # tight from the start, while what rests on it is still little
                form = self._tableau.express(row.terms)
                entering = self._entering(form[0], 1, bland=False)
                if entering is not None and entering < size:
                    self._reach(at, form, entering, upper=False)

    def _units(self, end: Fraction | None) -> int | None:
        return None if end is None else int(end * self._unit)

    def copy(self) -> "Simplex":
        """A simplex that stands where this one does, to go its own way; the budget is one."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, (list, dict, set)):
                setattr(other, name, value.copy())
        other._tableau = self._tableau.copy()
        return other

    # --- which rows count ---------------------------------------------------------------------

    def switch(self, rows: Iterable[int], *, on: bool) -> None:
        """Let *rows* count, or not."""
        for at in rows:
            if self._on[at] == on:
                continue
            self._on[at] = on
            if on and not self._tight(at):
                self._suspect(at)
            elif on and (side := self.side(at)):  # it has gone beyond its end meanwhile
                coordinate, end = at + self.size, self._ends[at][side < 0]
                assert end is not None
                self._shift(coordinate, end - self._here[coordinate])

    def _tight(self, row: int) -> bool:
        return row + self.size in self._here

    def _suspect(self, row: int) -> None:
        if not self._suspected[row]:
            self._suspected[row] = True
            heapq.heappush(self._suspects, row)

    # --- coordinates --------------------------------------------------------------------------

    def _reach(self, row: int, form: Expressed, leaving: int, *, upper: bool) -> None:
        """Move *leaving* till the point is at an end of *row*, which takes its place."""
        self.budget.spend()
        end = self._ends[row][upper]
        assert end is not None
        self._moves(leaving)
        self._tableau.pivot(row + self.size, *form, leaving)
        del self._here[leaving]
        self._here[row + self.size] = end

    def _moves(self, coordinate: int) -> None:
        """Forget where the unknowns were that move with *coordinate*, and suspect their rows."""
        for unknown in self._tableau.moved(coordinate):
            self._known.pop(unknown, None)
            for row in self._touching[unknown]:
                if not self._suspected[row] and not self._tight(row):  # that stays where it is
                    self._suspect(row)

    def _shift(self, coordinate: int, by: Rate) -> None:
        """Move *coordinate* by so much, and with it what rests on it."""
        if by:
            self._moves(coordinate)
            self._here[coordinate] += by

    def _value(self, unknown: int) -> tuple[Rate, int]:
        """Where an unknown is: a number, and what it is to be divided by."""
        known = self._known.get(unknown)
        if known is None:
            fixed = self._tableau.combination.get(unknown)
            if fixed is None:
                known = self._here[unknown], 1
            else:
                parts = map(mul, fixed.values(), map(self._here.__getitem__, fixed))
                known = sum(parts), self._tableau.scale[unknown]
            self._known[unknown] = known
        return known

    def _at(self, terms: Iterable[tuple[int, Rate]]) -> tuple[Rate, int]:
        """Where the point stands in a form, as a number and what it is to be divided by."""
        return added_up((coefficient, *self._value(unknown)) for unknown, coefficient in terms)

    def at(self, form: Form) -> Fraction:
        """The value of *form* at the current point."""
        number, below = self._at(form.items())
        return Fraction(number) / (below * self._unit)

    def move(self, ray: Ray) -> None:
        """Go one step along a ray that :meth:`maximise` returned."""
        self._shift(ray.coordinate, ray.step * self._unit)

    def rate(self, form: Form, ray: Ray) -> Fraction:
        """How much *form* grows with one step along a ray."""
        return Fraction(self._tableau.rate(form.items(), ray.coordinate) * ray.step)

    def _room(self, coordinate: int, direction: int) -> bool:
        """Whether a coordinate may still move that way; unknowns always may."""
        at = coordinate - self.size
        if at < 0 or not self._on[at]:
            return True
        end = self._ends[at][direction > 0]
        return end is None or (end - self._here[coordinate]) * direction > 0

    def side(self, at: int) -> int:
        """1 where the point is below a row, counted or not, -1 where it is above, else 0."""
        low, high = self._ends[at]
        here, below = self._at(self.rows[at].terms)
        if low is not None and here < low * below:
            return 1
        return -1 if high is not None and here > high * below else 0

    # --- into the rows ------------------------------------------------------------------------

    def repair(self) -> Proof | None:
        """Move the point into every row that counts; else the proof that there is no such point."""
        steps = 0
        while self._suspects:
            at = heapq.heappop(self._suspects)
            self._suspected[at] = False
            if not self._on[at] or self._tight(at):
                continue
            direction = self.side(at)
            if not direction:
                continue
            steps += 1
            form = self._tableau.express(self.rows[at].terms)
            entering = self._entering(form[0], direction, bland=steps > self._patience)
            self._suspect(at)  # till it is tight
            if entering is None:
                against = self._proof({row: value * direction for row, value in form[0].items()})
                return Multiplier(self.rows[at], direction < 0, Fraction(form[1])), *against
            self._reach(at, form, entering, upper=direction < 0)
            if entering >= self.size:  # what was tight has moved, perhaps too far
                self._suspect(entering - self.size)
        return None

    def _entering(
        self, combination: Combination, direction: int, *, bland: bool, rows_first: bool = False
    ) -> int | None:
        """The coordinate to move so that the combination does; unknowns or *rows_first*."""
        weight = self._tableau.weight
        free = [
            (0, 0, at) if bland else ((at < self.size) == rows_first, weight(at), at)
            for at, value in combination.items()
            if self._room(at, direction if value > 0 else -direction)
        ]
        return min(free)[2] if free else None

    def _proof(self, combination: Combination, scale: int = 1) -> Proof:
        """The tight rows that keep a combination from growing."""
        return tuple(
            Multiplier(self.rows[at - self.size], value > 0, Fraction(abs(value), scale))
            for at, value in combination.items()
        )

    # --- upwards ------------------------------------------------------------------------------

    def maximise(self, form: Form) -> tuple[Fraction, Proof] | Ray:
        """Climb along *form*, from within all rows, to its largest value and the proof of it."""
        factor = math.lcm(*(value.denominator for value in form.values())) if form else 1
        terms = [(at, int(value * factor)) for at, value in form.items() if value]
        steps = 0
        while True:
            gradient, scale = self._tableau.express(terms)
            bland = steps > self._patience
            entering = self._entering(gradient, 1, bland=bland, rows_first=True)
            if entering is None:
                break
            steps += 1
            direction = 1 if gradient[entering] > 0 else -1
            stop = self._blocked(entering, direction)
            if stop is None:
                return Ray(entering, direction)
            by, blocking, upper = stop
            if self._tight(blocking):  # its own other end
                self.budget.spend()
                self._shift(entering, by * direction)
            else:
                own = self._tableau.express(self.rows[blocking].terms)
                self._reach(blocking, own, entering, upper=upper)
        return self.at(form), self._proof(gradient, scale * factor)

    def _blocked(self, entering: int, direction: int) -> tuple[Rate, int, bool] | None:
        """How far the move goes, the row that stops it first, and whether at its upper end."""
        stops: list[tuple[Rate, int, bool]] = []
        own = entering - self.size
        moved = self._tableau.moved(entering)
        for at in {row for unknown in moved for row in self._touching[unknown]}:
            if not self._on[at] or (self._tight(at) and at != own):
                continue
            terms = self.rows[at].terms
            rate = self._tableau.rate(terms, entering) * direction
            end = self._ends[at][rate > 0]
            if rate and end is not None:
                here, below = self._at(terms)
                stops.append((divided(end * below - here, rate * below), at, rate > 0))
        return min(stops, default=None)
