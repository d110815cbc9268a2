"""What cannot hold together, in plain words, and the least to set aside so that the rest can.

Sets that cannot hold together and sets whose removal mends them hit each other: every one of the
first shares a statement with every one of the second. A smallest conflict is therefore a smallest
set that hits all corrections, and the lightest correction a lightest set that hits all conflicts;
both are found by asking the exact program about candidates until one stands.
"""

import functools
import heapq
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter

from evcli.audit.evidence import Evidence, Finding, Verdict
from evcli.grouping import reached, tied
from evcli.inference.bounds import bounds_of
from evcli.inference.family import Cell, Constraint, ConstraintKind, Family, Objective
from evcli.inference.system import FamilyProgram
from evcli.lp.program import Program
from evcli.lp.simplex import Proof, combine
from evcli.model.quantity import Bounds
from evcli.model.vocabulary import name_in
from evcli.text.lists import first_few, listed
from evcli.text.numbers import short_number, short_range
from evcli.tuples import NamedTuple

MOST_NAMED = 6  # statements or periods in a sentence; the finding names them all
PROVED_UP_TO = 200  # statements a family; beyond, conflicts are irreducible and said so
_MOST_CORRECTIONS = 200
_MOST_ROUNDS = 60
_MOST_STEPS = 4_000  # of a search for hitting sets
_ZERO = Fraction(0)


class Conflict(NamedTuple):
    """Statements that cannot all hold, though all but any one can; ``proof`` adds up to a
    contradiction in exact fractions. With ``proved_smallest`` no smaller set does it.
    """

    statements: tuple[str, ...]
    proof: Proof
    proved_smallest: bool


class Observation(NamedTuple):
    """What a statement, or a level with its growth, puts one cell at."""

    cell: Cell
    bounds: Bounds
    value: Fraction | None
    statements: tuple[str, ...]
    implied: bool  # by a level and its growth; else stated

    @property
    def size(self) -> Fraction | None:
        """The number to print: the value, else the end that is known."""
        return next((each for each in (self.value, *self.bounds) if each is not None), None)


class Explanation(NamedTuple):
    """A conflict in words, and how large the gap is at the printed numbers."""

    text: str
    size: Fraction | None
    percent: Fraction | None = None  # the gap in percent of what one statement puts there


def observations(constraints: Sequence[Constraint]) -> list[Observation] | None:
    """The constraints as figures of single cells; None where some say more than that."""
    levels = {each.cell: each for each in constraints if each.kind is ConstraintKind.LEVEL}
    found: list[Observation] = []
    used: set[str] = set()
    for each in constraints:
        if each.base is None:
            continue
        level = levels.get(each.cell)
        if level is None or level.statement in used or each.kind is ConstraintKind.SHARE:
            return None
        used.add(level.statement)
        (low, high), (least, most) = level.bounds, each.bounds
        # all of it may be gone: no base is too large then
        bounds = Bounds(
            low / most if low is not None and most and most > 0 else None,
            high / least if high is not None and least and least > 0 else None,
        )
        value = level.value / each.value if level.value is not None and each.value else None
        both = (level.statement, each.statement)
        found.append(Observation(each.base, bounds, value, both, implied=True))
    for each in constraints:
        if each.base is None and each.statement not in used:
            own = (each.statement,)
            found.append(Observation(each.cell, each.bounds, each.value, own, implied=False))
    return found


class Explainer:
    """Explains the conflicts of one family."""

    def __init__(self, evidence: Evidence, family: Family) -> None:
        self.evidence = evidence
        self.family = family
        self._constraints = {each.statement: each for each in family.constraints}

    def finding(
        self, verdict: Verdict, statements: Sequence[str], message: str, size: Fraction | None
    ) -> Finding:
        """A finding about statements of the family."""
        facts = [self.evidence.facts_behind(each)[0] for each in statements]
        found = Finding.of_facts(verdict, facts, message, size)
        cells = [self._constraints[each].cell for each in statements]
        return found._replace(
            series=tuple(dict.fromkeys((*found.series, *(cell.series for cell in cells)))),
            facts=tuple(statements),
            sources=self.evidence.sources_of(statements),
        )

    def unit(self, statement: str) -> str:
        """The unit of what a statement is about."""
        return self.family.series[self._constraints[statement].cell.series].unit

    def sources(self, statements: Sequence[str]) -> str:
        """The sources of statements, as they stand in brackets."""
        return ", ".join(self.evidence.sources_of(statements))

    def statement(self, statement: str) -> str:
        """What is stated, in the words of its source."""
        fact = self.evidence.facts_behind(statement)[0]
        words = {
            ConstraintKind.YOY: fact.yoy_stated,
            ConstraintKind.MOM: fact.mom_stated,
            ConstraintKind.CHANGE: (
                f"{fact.change.stated} over {fact.change.over}" if fact.change else ""
            ),
        }.get(self._constraints[statement].kind, fact.stated)
        return f'"{words}" for {fact.period.label} ({self.sources([statement])})'

    def conflict(self, statements: Sequence[str]) -> Explanation:
        """Why these cannot all hold: as figures, else one against what follows from the others."""
        explanation = self._by_observations(statements)
        if explanation is not None:
            return explanation
        for each in statements:
            constraint = self._constraints[each]
            objective = Objective.of(constraint.cell)
            if constraint.base is not None:
                is_share = constraint.kind is ConstraintKind.SHARE
                quotient = Objective.share if is_share else Objective.growth
                objective = quotient(objective, Objective.of(constraint.base))
            others = [other for other in statements if other != each]
            follows = bounds_of(self.family.only(others), objective)
            if follows is not None and follows != Bounds():
                text = self._against(each, others, follows)
                return Explanation(text, *_distance(follows, constraint))
        return Explanation(f"these cannot all hold: {self._each(statements)}", None)

    def restatement(self, conflict: Conflict, old: Collection[str]) -> Explanation:
        """The same, sized by the *old* figure that need have been restated least of its window.

        The proof of a conflict that none of its statements can be spared of gives how far each
        end has to move: as far as the contradiction goes, by the weight of the end in it.
        """
        gap = -combine(conflict.proof)[1]
        moves: list[tuple[Fraction, str, Fraction, Bounds]] = []
        for each in conflict.proof:
            level = self._constraints.get(each.row.label)
            if level is not None and level.base is None and level.value and level.statement in old:
                move = gap / each.factor
                beyond = each.end + move if each.upper else each.end - move
                bounds = Bounds(beyond, None) if each.upper else Bounds(None, beyond)
                moves.append((move / abs(level.value), level.statement, move, bounds))
        if not moves:
            return self.conflict(conflict.statements)
        part, moved, move, follows = min(moves)
        explanation = self._by_observations(conflict.statements)
        if explanation is not None:
            return Explanation(explanation.text, move, part * 100)
        others = [each for each in conflict.statements if each != moved]
        return Explanation(self._against(moved, others, follows), move, part * 100)

    def _by_observations(self, statements: Sequence[str]) -> Explanation | None:
        """Figures of one window, windows that another holds, or parts of a whole in one period."""
        found = observations([self._constraints[each] for each in statements])
        for whole in found or ():
            parts = [each for each in found or () if each is not whole]
            of_one = all(each.cell.series == whole.cell.series for each in parts)
            lie_in = _are_windows_of if of_one else self._are_parts_of
            if parts and lie_in(parts, whole):
                return self._summed(parts, whole, of_one=of_one)
        return None

    def _are_parts_of(self, parts: Sequence[Observation], whole: Observation) -> bool:
        def wholes(part: str) -> list[str]:
            return [link.whole for link in self.family.links if part in link.parts]

        above = (reached([each.cell.series], wholes)[1:] for each in parts)
        in_one_period = all(each.cell.period == whole.cell.period for each in parts)
        return in_one_period and all(whole.cell.series in each for each in above)

    def _summed(
        self, parts: Sequence[Observation], whole: Observation, *, of_one: bool
    ) -> Explanation:
        """What parts come to, against their whole; *of_one* series or of several."""
        total = _total(parts)
        size = None if whole.size is None else abs(total - whole.size)
        unit = self.unit(whole.statements[0])

        def told(each: Observation, verb: str = "") -> str:
            name = each.cell.period.label if of_one else self._title(each)
            number = short_range(*each.bounds, unit)
            if each.value is not None:
                number = short_number(each.value, unit, derived=each.implied)
            return f"{name}{verb} {number} ({self.sources(each.statements)})"

        when, was = ("", " was") if of_one else (f"in {whole.cell.period.label} ", " came to")
        above = told(whole, " would be" if whole.implied else was)
        if len(parts) == 1:
            (part,) = parts
            if whole.implied:  # what is least to set aside names its sources
                above = above.removesuffix(f" ({self.sources(whole.statements)})")
            below = told(part, was if part.cell == whole.cell else f" alone{was}")
            return Explanation(f"{when}{above}, but {below}", size)
        in_order = sorted(parts, key=lambda each: each.cell.period.sort_key)
        sum_ = short_number(total, unit, derived=any(each.implied for each in parts))
        text = f"{when}{listed([*map(told, in_order)])} come to {sum_}, but {above}"
        return Explanation(text, size)

    def _against(self, statement: str, others: Sequence[str], follows: Bounds) -> str:
        ratio = self._constraints[statement].base is not None
        would = short_range(*follows, "percent" if ratio else self.unit(statement))
        stated = self.statement(statement)
        return f"by {self._each(others)} it would be {would}, but {stated} is stated"

    def _each(self, statements: Sequence[str]) -> str:
        named = [*map(self.statement, statements)]
        return listed(named) if len(named) <= MOST_NAMED else first_few(named, MOST_NAMED - 1)

    def _title(self, each: Observation) -> str:
        """What was counted, by what sets it apart in the family."""
        series = self.family.series[each.cell.series]
        every = self.family.series.values()
        apart = [
            getattr(series, name)
            for name in ("subject", "destination")
            if len({getattr(other, name) for other in every}) > 1
        ]
        return ", ".join([name_in(self.evidence.words.scopes, series.scope), *apart])


def _total(parts: Iterable[Observation]) -> Fraction:
    return sum((each.size or _ZERO for each in parts), _ZERO)


def _are_windows_of(parts: Sequence[Observation], whole: Observation) -> bool:
    """Whether they lie in its window, and are too much for it or all of it."""
    spans = sorted((each.cell.period for each in parts), key=attrgetter("sort_key"))
    inside = all(map(whole.cell.period.contains, spans))
    if not inside or any(one.overlaps(other) for one, other in itertools.pairwise(spans)):
        return False
    fills = sum(each.months or 0 for each in spans) == (whole.cell.period.months or 0)
    return fills or _total(parts) > (whole.size or _ZERO)


def _distance(bounds: Bounds, stated: Constraint) -> tuple[Fraction | None, Fraction | None]:
    """How far a statement is from what follows, and that in percent of it."""
    value = stated.value
    if value is None:
        return None, None
    whole = value if stated.base is None else value * 100
    is_growth = stated.base is not None and stated.kind is not ConstraintKind.SHARE
    shown = whole - 100 if is_growth else whole
    size = min((abs(end - shown) for end in bounds if end is not None), default=None)
    return size, None if size is None or not whole else size / whole * 100


def irreducible_conflict(program: Program, among: Collection[str] | None = None) -> Conflict:
    """Statements *among* (or all) that cannot all hold; ValueError where all can.

    None is taken to contradict itself, so that two are the smallest conflict there is.
    """
    statements, proof = program.irreducible(among)
    return Conflict(statements, proof, proved_smallest=len(statements) <= 2)


def smallest_conflict(family: Family, rounds: int = _MOST_CORRECTIONS) -> Conflict | None:
    """The smallest set of statements that cannot hold together; None where all can.

    After so many *rounds* the search is given up, and what was found is not proved smallest.
    """
    program = FamilyProgram(family)
    if program.conflict() is None:
        return None
    best = irreducible_conflict(program)
    if best.proved_smallest or len(program.labels) > PROVED_UP_TO:
        return best
    corrections: list[frozenset[str]] = []
    ones = dict.fromkeys(program.labels, Fraction(1))
    for _ in range(rounds):
        found = [_lightest(group, ones, 1) for group in tied(corrections, sorted)]
        if not all(found):  # that would take too long
            break
        candidate = frozenset[str]().union(*(first for first, *_ in found))
        if len(candidate) >= len(best.statements):
            return best._replace(proved_smallest=True)
        if not program.can_hold(candidate):
            return Conflict(*program.irreducible(candidate), proved_smallest=True)
        corrections.append(frozenset(program.labels) - program.grown(candidate, program.labels))
    return best


def set_aside(
    family: Family, weights: Mapping[str, Fraction], *, most: int = 16
) -> tuple[frozenset[str], ...]:
    """The lightest sets of statements without which the rest can hold together, ties too.

    At most *most* of them; one that is light where it takes too many rounds. *weights* gives the
    weight of each statement. ValueError unless all are above zero.
    """
    program = FamilyProgram(family)
    if any(weights[each] <= 0 for each in program.labels):
        raise ValueError("weights must be above zero")
    everything = set(program.labels)
    known: dict[frozenset[str], None] = {}
    mends = functools.cache(lambda aside: program.can_hold(everything - aside))
    for _ in range(_MOST_ROUNDS):
        candidates = lightest_hitting(list(known), weights, most)
        wrong = next((each for each in candidates if not mends(each)), None)
        if wrong is None:
            return tuple(candidates)
        known.update(dict.fromkeys(program.disjoint_conflicts(everything - wrong)))
    conflicts = list(known)
    aside = greedy_hitting(conflicts, weights)
    while further := program.disjoint_conflicts(everything - aside):
        conflicts += further
        aside = greedy_hitting(conflicts, weights)
    by_weight = sorted(program.labels, key=lambda each: -weights[each])
    return (frozenset(everything - program.grown(everything - aside, by_weight)),)


Sets = Sequence[frozenset[str]]
_Branch = tuple[Fraction, int, frozenset[str], frozenset[str]]  # weight, age, chosen, banned


def lightest_hitting(
    sets: Sets, weights: Mapping[str, Fraction], most: int = 16
) -> list[frozenset[str]]:
    """Up to *most* hitting sets of the least weight; one that is light where that costs too much.

    Sets that share no element are dealt with apart, so many small conflicts cost no more than one.
    """
    found = (
        _lightest(group, weights, most) or [greedy_hitting(group, weights)]
        for group in tied(sets, sorted)
    )
    choices = itertools.product(*found)
    return [frozenset().union(*each) for each in itertools.islice(choices, most)]


def _lightest(sets: Sets, weights: Mapping[str, Fraction], most: int) -> list[frozenset[str]]:
    """Uniform-cost search, none found where it would take too long.

    What an earlier branch has taken, a later one must not take.
    """
    order = itertools.count()
    waiting: list[_Branch] = [(Fraction(0), next(order), frozenset(), frozenset())]
    found: list[frozenset[str]] = []
    least = Fraction(0)
    for _ in range(_MOST_STEPS):
        if not waiting or len(found) == most or (found and waiting[0][0] > least):
            return found
        weight, _, chosen, banned = heapq.heappop(waiting)
        open_sets = [each - banned for each in sets if chosen.isdisjoint(each)]
        if not open_sets:
            least = weight
            found.append(chosen)
            continue
        smallest = min(open_sets, key=len)
        for each in sorted(smallest):
            step = (weight + weights[each], next(order), chosen | {each}, banned)
            heapq.heappush(waiting, step)
            banned |= {each}
    return found


def greedy_hitting(sets: Sets, weights: Mapping[str, Fraction]) -> frozenset[str]:
    """A hitting set that is light but perhaps not the lightest: the best bargain each time."""
    taken: set[str] = set()
    left = list(sets)
    while left:
        hits = Counter(each for one in left for each in sorted(one))
        best = max(sorted(hits), key=lambda each: hits[each] / weights[each])
        taken.add(best)
        left = [one for one in left if best not in one]
    return frozenset(taken)


Ties = tuple[frozenset[str], ...]  # alternatives, each enough to set aside


def conflicts_of(family: Family, evidence: Evidence) -> Iterator[tuple[Conflict, Ties]]:
    """Conflicts with what is lightest to set aside, until all that stays can hold together.

    The smallest of all comes first; then, for every statement that has to go, the smallest that
    shows why, beside what stays.
    """
    weights = evidence.weights(family.statements)
    found = smallest_conflict(family)
    if found is None:
        return
    leaving = set_aside(family, weights)[0]
    kept = frozenset(family.statements) - leaving
    open_ = sorted(leaving)
    while found is not None:
        inside = leaving.intersection(found.statements)
        yield found, set_aside(family.only(kept | inside), weights)
        if len(inside) < 2:  # else it does not show that each has to go, whatever else does
            open_ = [each for each in open_ if each not in inside]
        found = smallest_conflict(family.only(kept | {open_[0]})) if open_ else None


def contradiction(conflict: Conflict, ties: Ties, explainer: Explainer) -> Finding:
    """One contradiction as a finding."""
    message, size, _ = explainer.conflict(conflict.statements)
    if ties:
        choices = [listed(sorted(map(explainer.statement, each))) for each in ties]
        message += f"; least to set aside: {', or '.join(choices)}"
    if not conflict.proved_smallest:
        message += "; irreducible, but not proved to be the smallest set"
    found = explainer.finding(Verdict.CONTRADICTION, conflict.statements, message, size)
    return found._replace(set_aside=tuple("+".join(sorted(each)) for each in ties))
