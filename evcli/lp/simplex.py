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
for: then it is looked at in fractions.

:meth:`Simplex.repair` moves the point into all rows or returns a proof that none is
(Dutertre and de Moura's method); :meth:`Simplex.maximise` climbs from a point inside. Both
fall back to Bland's rule, so both end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.lp.rows import Form, Multiplier, Row, proves_infeasible
from evcli.lp.tableau import Combination, Rate, Tableau

_PATIENCE = 20  # pivots per row before Bland's rule takes over
_ZERO = Fraction(0)
_DOUBT = 1e-10  # of the sum of the sizes of a row's terms: what floats may be wrong by, and more


class Optimum(NamedTuple):
    """The largest value of a form, taken where the point now is, and the rows that prove it."""

    value: Fraction
    proof: tuple[Multiplier, ...]


class Ray(NamedTuple):
    """A direction in which a form grows without end."""

    direction: Mapping[int, Rate]


class Simplex:
    """A set of rows, which may be switched off and on, and a current point."""

    def __init__(
        self, size: int, rows: Sequence[Row], start: Sequence[Fraction] | None = None
    ) -> None:
        self.rows = rows
        self.size = size  # coordinate n >= size is row n - size
        self._point: list[Fraction] | None = None  # in fractions, once it is asked for
        self._free: list[Fraction] = list(start) if start is not None else [_ZERO] * size
        self._near = [float(value) for value in self._free]  # the point in floats
        lows = (-math.inf if row.low is None else float(row.low) for row in rows)
        highs = (math.inf if row.high is None else float(row.high) for row in rows)
        self._ends = list(zip(lows, highs, strict=True))
        self._here: dict[int, Fraction] = {}  # where the point stands in each tight row
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
                self._fasten(at)

    def _fasten(self, at: int) -> None:
        """Make an equation tight from the start, while what rests on it is still little."""
        row = self.rows[at]
        combination, scale = self._tableau.express(row.terms)
        entering = self._entering(combination, 1, bland=False)
        if entering is None or entering >= self.size or row.low is None:
            return
        way = self._ends[at][0] - self._about(row)[0]
        self._drift(self._tableau.moves(entering), way * scale / combination[entering])
        self._pivot(at, combination, scale, entering, row.low)

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
        end = self.rows[at].low if side > 0 else self.rows[at].high
        if side and end is not None:
            moves = self._tableau.moves(at + self.size)
            self._shift(at + self.size, moves, end - self._here[at])
            self._suspect_touched(moves)

    def _suspect(self, row: int) -> None:
        if not self._suspected[row]:
            self._suspected[row] = True
            heapq.heappush(self._suspects, row)

    # --- coordinates --------------------------------------------------------------------------

    def _pivot(
        self, row: int, combination: Combination, scale: int, leaving: int, here: Fraction
    ) -> None:
        """Make *row*, which stands at *here*, tight in place of the coordinate *leaving*.

        *combination* expresses the row.
        """
        self._tableau.pivot(row + self.size, combination, scale, leaving)
        self._tight.add(row)
        self._stand(row, here)
        if leaving >= self.size:
            self._tight.discard(leaving - self.size)
            self._here.pop(leaving - self.size, None)

    def _drift(self, moves: Mapping[int, Rate], by: float) -> None:
        """Move the unknowns in floats alone, and suspect the rows that they touch."""
        self._point = None
        near = self._near
        for unknown, rate in moves.items():
            near[unknown] += by if rate == 1 else by * float(rate)
        self._suspect_touched(moves)

    def _suspect_touched(self, unknowns: Iterable[int]) -> None:
        suspected = self._suspected
        for unknown in unknowns:
            for row in self._touching[unknown]:
                if not suspected[row] and row not in self._tight:  # that stays where it is
                    suspected[row] = True
                    heapq.heappush(self._suspects, row)

    def _shift(self, coordinate: int, moves: Mapping[int, Rate], by: Fraction) -> None:
        """Move *coordinate* by so much, and every unknown that rests on it, in fractions."""
        if not by:
            return
        point, near = self.point, self._near
        for unknown, rate in moves.items():
            moved = point[unknown] + (by if rate == 1 else by * rate)
            point[unknown], near[unknown] = moved, float(moved)
        if coordinate >= self.size:
            self._stand(coordinate - self.size, self._here[coordinate - self.size] + by)

    def _stand(self, row: int, here: Fraction) -> None:
        low, high = self.rows[row].low, self.rows[row].high
        self._here[row] = here
        self._stuck[row] = high is not None and here >= high, low is not None and here <= low

    @property
    def point(self) -> list[Fraction]:
        """The current point in fractions."""
        if self._point is None:
            fixed = self._tableau.combination
            values = {at: value for at, value in enumerate(self._free) if at not in fixed}
            values |= {at + self.size: here for at, here in self._here.items()}
            common = math.lcm(*(each.denominator for each in values.values()))
            whole = {
                at: each.numerator * (common // each.denominator) for at, each in values.items()
            }
            found = list(self._free)
            for unknown, combination in fixed.items():
                total = sum(factor * whole[at] for at, factor in combination.items())
                found[unknown] = Fraction(total, self._tableau.scale[unknown] * common)
            self._point = found
            self._near = [float(each) for each in found]
        return self._point

    def move(self, direction: Mapping[int, Rate]) -> None:
        """Go one step along a ray that :meth:`maximise` returned."""
        point = self.point
        for unknown, rate in direction.items():
            point[unknown] += rate
            self._near[unknown] = float(point[unknown])
            self._free[unknown] = point[unknown]
        for row in self._here:
            self._stand(row, self.rows[row].at(point))

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
        low, high = self._ends[at]
        doubt = _DOUBT * (size + 1)
        if low + doubt < here < high - doubt:
            return 0
        if here < low - doubt:
            return 1
        return -1 if here > high + doubt else None

    def _exact_side(self, at: int) -> int:
        row = self.rows[at]
        here = self._here[at] if at in self._tight else row.at(self.point)
        if row.low is not None and here < row.low:
            return 1
        return -1 if row.high is not None and here > row.high else 0

    def obeys(self, row: int) -> bool:
        """Whether the point surely obeys a row, counted or not."""
        return (self._exact_side(row) if row in self._tight else self._side(row)) == 0

    # --- into the rows ------------------------------------------------------------------------

    def repair(self, *, exactly: bool = False) -> tuple[Multiplier, ...] | None:
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
            row = self.rows[at]
            combination, scale = self._tableau.express(row.terms)
            entering = self._entering(combination, direction, bland=steps > self._patience)
            if entering is None:
                self._suspect(at)
                proof = self._farkas(at, combination, scale, direction)
                if proves_infeasible(proof):
                    return proof
                self._near = [float(each) for each in self.point]  # the floats had drifted
                continue
            end = row.low if direction > 0 else row.high
            assert end is not None
            way = self._ends[at][direction < 0] - self._about(row)[0]
            self._drift(self._tableau.moves(entering), way * scale / combination[entering])
            self._pivot(at, combination, scale, entering, end)
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

    def _farkas(
        self, at: int, combination: Combination, scale: int, direction: int
    ) -> tuple[Multiplier, ...]:
        proof = [Multiplier(self.rows[at], direction < 0, Fraction(scale))]
        for coordinate, value in combination.items():
            row = self.rows[coordinate - self.size]
            proof.append(Multiplier(row, (value > 0) == (direction > 0), Fraction(abs(value))))
        return tuple(proof)

    # --- upwards ------------------------------------------------------------------------------

    def maximise(self, form: Form) -> Optimum | Ray:
        """Climb along *form* from the current point, which must obey all rows."""
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
            moves = self._tableau.moves(entering)
            stop = self._blocked(entering, moves, direction)
            if stop is None:
                return Ray({at: rate * direction for at, rate in moves.items()})
            by, blocking = stop
            self._shift(entering, moves, by * direction)
            if blocking not in self._tight:
                combination, own_scale = self._tableau.express(self.rows[blocking].terms)
                here = self.rows[blocking].at(self.point)
                self._pivot(blocking, combination, own_scale, entering, here)
        value = sum((rate * self.point[at] for at, rate in form.items()), _ZERO)
        whole = scale * factor
        proof = tuple(
            Multiplier(self.rows[at - self.size], rate > 0, Fraction(abs(rate), whole))
            for at, rate in gradient.items()
        )
        return Optimum(value, proof)

    def _blocked(
        self, entering: int, moves: Mapping[int, Rate], direction: int
    ) -> tuple[Fraction, int] | None:
        """How far the move goes and the row that stops it first; None where nothing does."""
        best: tuple[Fraction, int] | None = None
        for at, rate in self._candidates(entering, moves, direction):
            row = self.rows[at]
            end = row.high if rate > 0 else row.low
            if end is None:
                continue
            stop = (end - row.at(self.point)) / rate, at
            if best is None or stop < best:
                best = stop
        return best

    def _candidates(
        self, entering: int, moves: Mapping[int, Rate], direction: int
    ) -> list[tuple[int, Rate]]:
        """The rows that may stop the move first, by floats, with the rate at which they move."""
        found: list[tuple[float, float, int, Rate]] = []
        least = math.inf
        own = entering - self.size
        for at in {row for unknown in moves for row in self._touching[unknown]}:
            if not self._on[at] or (at in self._tight and at != own):
                continue
            terms = self.rows[at].terms
            rate = sum(c * moves[u] for u, c in terms if u in moves) * direction
            if not rate:
                continue
            end = self._ends[at][rate > 0]
            if math.isinf(end):
                continue
            here, size = self._about(self.rows[at])
            pace = abs(float(rate))
            doubt = _DOUBT * (size + abs(end) + 1) / pace
            way = abs(end - here) / pace
            least = min(least, way + doubt)
            found.append((way, doubt, at, rate))
        return [(at, rate) for way, doubt, at, rate in found if way - doubt <= least]
