"""An exact simplex over fractions that holds only the rows which are active.

The unknowns are free, everything else is a row ``low <= form <= high``. At any time some rows
are *tight*: they are the coordinates of the current point together with the unknowns that no
tight row has fixed yet; the fixed unknowns are kept as whole-number combinations of these.
All other rows are looked at only where the point moves, so a question about one window touches
the neighbourhood of that window and not the whole system. A row enters when the point would
leave it, and is forgotten when another takes its place.

Coordinates, combinations and proofs are exact. The point is followed in floats, which tell
whether a row is surely obeyed or surely not; where they cannot (within ``_DOUBT`` of an end, far
below any rounding of what is stated) the row counts as obeyed, unless an exact answer is asked
for: then the unknowns of that row are worked out from the coordinates. All is counted in a unit
in which every end is whole, so nearly all of that is done in whole numbers.

:meth:`Simplex.repair` moves the point into all rows or returns a proof that none is
(Dutertre and de Moura's method); :meth:`Simplex.maximise` climbs from a point inside. Both
fall back to Bland's rule, so both end.
"""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from evcli.lp.rows import Form, Multiplier, Proof, Row, proves_infeasible
from evcli.lp.tableau import Combination, Expressed, Rate, Tableau, divided

_PATIENCE = 20  # pivots per row before Bland's rule takes over
_ZERO = Fraction(0)
_PARTS = 64  # of one, of which a start is made as a rule
_LARGE = 2**64  # parts of one: with more, whole numbers are no cheaper than fractions
_DOUBT = 1e-10  # of the sum of the sizes of a row's terms: what floats may be wrong by, and more


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


class Ray(NamedTuple):
    """A coordinate along which a form grows without end, upwards (1) or downwards (-1)."""

    coordinate: int
    step: int


class Simplex:
    """A set of rows, which may be switched off and on, and a current point."""

    def __init__(
        self, size: int, rows: Sequence[Row], start: Sequence[Fraction] | None = None
    ) -> None:
        self.rows = rows
        self.budget = Budget()
        self.size = size  # coordinate n >= size is row n - size
        ends = [end for row in rows for end in (row.low, row.high) if end is not None]
        unit = math.lcm(_PARTS, *(end.denominator for end in ends))
        self._unit = unit if unit < _LARGE else _PARTS  # so many make one
        self._ends = [(self._units(row.low), self._units(row.high)) for row in rows]
        self._near_ends = [
            (-math.inf if low is None else float(low), math.inf if high is None else float(high))
            for low, high in self._ends
        ]
        begin = [self._units(each) or 0 for each in start or [_ZERO] * size]
        self._near = list(map(float, begin))  # the point in floats
        self._stale: set[int] = set()  # unknowns that have moved in floats alone
        self._here = dict(enumerate(begin))  # where the point stands in each coordinate
        self._stuck: dict[int, tuple[bool, bool]] = {}  # whether that is its high end, its low end
        self._doubtful: set[int] = set()  # rows too near an end for floats to tell
        self._patience = _PATIENCE * (len(rows) + 1)
        self._on = [True] * len(rows)
        self._touching: list[list[int]] = [[] for _ in range(size)]
        for at, row in enumerate(rows):
            for unknown, _ in row.terms:
                self._touching[unknown].append(at)
        self._tableau = Tableau(size)
        self._tight: set[int] = set()
        self._suspects: list[int] = list(range(len(rows)))
        self._suspected = [True] * len(rows)
        for at, row in enumerate(rows):
            if row.low is not None and row.low == row.high and not row.label:
                # tight from the start, while what rests on it is still little
                form = self._tableau.express(row.terms)
                entering = self._entering(form[0], 1, bland=False)
                if entering is not None and entering < size:
                    self._reach(at, form, entering, upper=False)

    def _units(self, value: Fraction | None) -> Rate | None:
        return None if value is None else divided(value.numerator * self._unit, value.denominator)

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
            if self._on[at] != on:
                self._on[at] = on
                if on and at in self._tight:
                    self._put_back(at)
                elif on:
                    self._suspect(at)

    def _put_back(self, at: int) -> None:
        """Move a tight row to its end, should it have gone beyond while it did not count."""
        side = self._exact_side(at)
        end = self._ends[at][side < 0]
        if side and end is not None:
            paces = self._tableau.paces(at + self.size)
            self._shift(at + self.size, paces, end - self._here[at + self.size])
            self._suspect_touched(paces)

    def _suspect(self, row: int) -> None:
        if not self._suspected[row]:
            self._suspected[row] = True
            heapq.heappush(self._suspects, row)

    # --- coordinates --------------------------------------------------------------------------

    def _pivot(self, row: int, form: Expressed, leaving: int, here: Rate) -> None:
        """Make *row*, which stands at *here*, tight in place of the coordinate *leaving*."""
        self._tableau.pivot(row + self.size, *form, leaving)
        self._tight.discard(leaving - self.size)
        self._tight.add(row)
        del self._here[leaving]
        self._stand(row + self.size, here)

    def _reach(self, row: int, form: Expressed, leaving: int, *, upper: bool) -> None:
        """Move *leaving* till the point is at an end of *row*, which takes its place."""
        self.budget.spend()
        end = self._ends[row][upper]
        assert end is not None
        combination, scale = form
        way = self._near_ends[row][upper] - self._about(self.rows[row])[0]
        paces = self._tableau.paces(leaving)
        self._drift(paces, way * scale / combination[leaving])
        self._suspect_touched(paces)
        self._pivot(row, form, leaving, end)

    def _drift(self, paces: Mapping[int, float], by: float) -> None:
        """Move the unknowns in floats alone."""
        self._stale.update(paces)
        near = self._near
        for unknown, pace in paces.items():
            near[unknown] += by * pace

    def _suspect_touched(self, unknowns: Iterable[int]) -> None:
        suspected = self._suspected
        for unknown in unknowns:
            for row in self._touching[unknown]:
                if not suspected[row] and row not in self._tight:  # that stays where it is
                    suspected[row] = True
                    heapq.heappush(self._suspects, row)

    def _shift(self, coordinate: int, paces: Mapping[int, float], by: Rate) -> None:
        """Move *coordinate* by so much, and with it in floats what rests on it."""
        if by:
            self._drift(paces, float(by))
            self._stand(coordinate, self._here[coordinate] + by)

    def _stand(self, coordinate: int, here: Rate) -> None:
        self._here[coordinate] = here
        row = coordinate - self.size
        if row >= 0:
            low, high = self._ends[row]
            self._stuck[row] = high is not None and here >= high, low is not None and here <= low

    def _sum(self, combination: Mapping[int, int]) -> Rate:
        """What the coordinates add up to, each times so much."""
        here = map(self._here.__getitem__, combination)
        total: Rate = sum(map(mul, combination.values(), here))
        return total

    def _value(self, unknown: int) -> Rate:
        """Where an unknown is, exactly."""
        fixed = self._tableau.combination.get(unknown)
        if fixed is None:
            return self._here[unknown]
        return divided(self._sum(fixed), self._tableau.scale[unknown])

    def _sharpen(self) -> None:
        """Take the rounding of past moves out of the floats."""
        for unknown in self._stale:
            self._near[unknown] = float(self._value(unknown))
        self._stale.clear()

    def _at(self, terms: Iterable[tuple[int, Rate]]) -> Rate:
        """Where the point stands in a form, exactly."""
        return sum(coefficient * self._value(unknown) for unknown, coefficient in terms)

    def at(self, form: Form) -> Fraction:
        """The value of *form* at the current point."""
        return Fraction(self._at(form.items())) / self._unit

    def move(self, ray: Ray) -> None:
        """Go one step along a ray that :meth:`maximise` returned."""
        paces = self._tableau.paces(ray.coordinate)
        self._shift(ray.coordinate, paces, ray.step * self._unit)

    def rate(self, form: Form, ray: Ray) -> Fraction:
        """How much *form* grows with one step along a ray."""
        return Fraction(self._tableau.rate(form.items(), ray.coordinate) * ray.step)

    def _room(self, coordinate: int, direction: int) -> bool:
        """Whether a coordinate may still move that way; unknowns always may."""
        at = coordinate - self.size
        return at < 0 or not self._on[at] or not self._stuck[at][direction < 0]

    def _about(self, row: Row) -> tuple[float, float]:
        """Where the point stands in a row, and how large its terms are, in floats."""
        near = self._near
        terms = [coefficient * near[unknown] for unknown, coefficient in row.terms]
        return sum(terms), sum(map(abs, terms))

    def _side(self, at: int) -> int | None:
        """1 where the point is below a row, -1 where it is above, 0 where it obeys it.

        None where floats cannot tell.
        """
        here, size = self._about(self.rows[at])
        low, high = self._near_ends[at]
        doubt = _DOUBT * (size + self._unit)
        if low + doubt < here < high - doubt:
            return 0
        if here < low - doubt:
            return 1
        return -1 if here > high + doubt else None

    def _exact_side(self, at: int) -> int:
        low, high = self._ends[at]
        here = self._here[at + self.size] if at in self._tight else self._at(self.rows[at].terms)
        if low is not None and here < low:
            return 1
        return -1 if high is not None and here > high else 0

    def obeys(self, row: int) -> bool:
        """Whether the point surely obeys a row, counted or not."""
        return (self._exact_side(row) if row in self._tight else self._side(row)) == 0

    # --- into the rows ------------------------------------------------------------------------

    def repair(self, *, exactly: bool = False) -> Proof | None:
        """Move the point into every row that counts; else the proof that there is no such point.

        Unless *exactly*, a row may be missed by what floats cannot tell from nothing.
        """
        if exactly:
            doubtful, self._doubtful = self._doubtful, set()
            for at in doubtful:
                self._suspect(at)
        steps = 0
        while self._suspects:
            at = heapq.heappop(self._suspects)
            self._suspected[at] = False
            if not self._on[at] or at in self._tight:
                continue
            direction = self._side(at)
            if direction is None and exactly:
                direction = self._exact_side(at)
            elif direction is None:
                self._doubtful.add(at)
            if not direction:
                continue
            steps += 1
            form = self._tableau.express(self.rows[at].terms)
            entering = self._entering(form[0], direction, bland=steps > self._patience)
            self._suspect(at)  # till it is tight
            if entering is None:
                proof = self._farkas(at, *form, direction)
                if proves_infeasible(proof):
                    return proof
                self._sharpen()  # the floats had drifted
                continue
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

    def _farkas(self, at: int, combination: Combination, scale: int, direction: int) -> Proof:
        others = (
            Multiplier(
                self.rows[at - self.size], (value > 0) == (direction > 0), Fraction(abs(value))
            )
            for at, value in combination.items()
        )
        return (Multiplier(self.rows[at], direction < 0, Fraction(scale)), *others)

    # --- upwards ------------------------------------------------------------------------------

    def maximise(self, form: Form) -> tuple[Fraction, Proof] | Ray:
        """Climb along *form*, from within all rows, to its largest value and the proof of it."""
        self._sharpen()
        factor = math.lcm(*(value.denominator for value in form.values())) if form else 1
        terms = [(at, int(value * factor)) for at, value in form.items() if value]
        steps = 0
        while True:
            gradient, scale = self._tableau.express(terms)
            bland = steps > self._patience
            entering = self._entering(gradient, 1, bland=bland, rows_first=True)
            if entering is None:
                break
            self.budget.spend()
            steps += 1
            direction = 1 if gradient[entering] > 0 else -1
            paces = self._tableau.paces(entering)
            stop = self._blocked(entering, paces, direction)
            if stop is None:
                return Ray(entering, direction)
            by, blocking, end = stop
            self._shift(entering, paces, by * direction)
            if blocking not in self._tight:
                own = self._tableau.express(self.rows[blocking].terms)
                self._pivot(blocking, own, entering, end)
        whole = scale * factor
        proof = tuple(
            Multiplier(self.rows[at - self.size], rate > 0, Fraction(abs(rate), whole))
            for at, rate in gradient.items()
        )
        return Fraction(self._sum(gradient)) / (whole * self._unit), proof

    def _blocked(
        self, entering: int, paces: Mapping[int, float], direction: int
    ) -> tuple[Rate, int, Rate] | None:
        """How far the move goes, the row that stops it first and the end; None if nothing does."""
        found: list[tuple[float, int]] = []  # how far at least, by floats
        least = math.inf
        own = entering - self.size
        for at in {row for unknown in paces for row in self._touching[unknown]}:
            if not self._on[at] or (at in self._tight and at != own):
                continue
            terms = self.rows[at].terms
            parts = [coefficient * paces[at] for at, coefficient in terms if at in paces]
            pace = sum(parts) * direction
            if abs(pace) <= _DOUBT * sum(map(abs, parts)):  # perhaps it does not move
                pace = float(self._tableau.rate(terms, entering) * direction)
            end = self._near_ends[at][pace > 0]
            if not pace or math.isinf(end):
                continue
            here, size = self._about(self.rows[at])
            pace = abs(pace)
            doubt = _DOUBT * (size + abs(end) + self._unit) / pace
            way = abs(end - here) / pace
            least = min(least, way + doubt)
            found.append((way - doubt, at))

        def stop(at: int) -> tuple[Rate, int, Rate]:
            terms = self.rows[at].terms
            rate = self._tableau.rate(terms, entering) * direction
            end = self._ends[at][rate > 0]
            assert end is not None
            return divided(end - self._at(terms), rate), at, end

        return min((stop(at) for way, at in found if way <= least), default=None)
