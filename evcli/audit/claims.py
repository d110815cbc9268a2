"""Claims of sources held against the bounds: refuted, not proved, or proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.evidence import Evidence, Finding, Verdict, joined
from evcli.inference import (
    Cell,
    Family,
    Inferences,
    Inferred,
    Negative,
    Objective,
    families,
    usable_facts,
)
from evcli.lp.hitting_sets import lightest_hitting
from evcli.model.claim import Comparison, FirstTime, ParsedClaim, Ranking, Term, parse_claim
from evcli.model.period import Period, PeriodError
from evcli.model.quantity import Bounds
from evcli.model.records import Claim, Rank
from evcli.text.phrases import listed, short_period
from evcli.text.rounding import short_range

_Node = tuple[str, Period]


class Read(NamedTuple):
    """A claim with what it says."""

    claim: Claim
    says: ParsedClaim


class _Edge(NamedTuple):
    above: _Node
    below: _Node
    strict: bool
    claim: Claim


def opposed(claims: Sequence[Read]) -> Iterator[Finding]:
    """Groups of claims that put figures above each other in a circle."""
    edges = _edges(claims)
    for group in _circles(edges):
        inside = [edge for edge in edges if edge.above in group and edge.below in group]
        if any(edge.strict for edge in inside):
            yield _told(inside)


def _edges(claims: Sequence[Read]) -> list[_Edge]:
    found: list[_Edge] = []
    leads: list[tuple[Claim, Ranking]] = []
    for claim, says in claims:
        if isinstance(says, Ranking):
            if says.limit == 1 and not says.by_growth:
                leads.append((claim, says))
        elif isinstance(says, Comparison) and says.left.factor == says.right.factor == 1:
            left, right = (
                (says.left.series, says.left.period),
                (says.right.series, says.right.period),
            )
            strict = says.op in (">", "<")
            if says.op != "<" and says.op != "<=":
                found.append(_Edge(left, right, strict, claim))
            if says.op in ("<", "<=", "="):
                found.append(_Edge(right, left, strict, claim))
    nodes = dict.fromkeys(node for edge in found for node in (edge.above, edge.below))
    nodes.update(dict.fromkeys((says.series, says.period) for _, says in leads))
    for claim, says in leads:
        top = (says.series, says.period)
        found += [
            _Edge(top, node, True, claim)
            for node in nodes
            if node != top and node[1] == says.period and fnmatchcase(node[0], says.among)
        ]
    return found


def _circles(edges: Sequence[_Edge]) -> list[set[_Node]]:
    """The strongly connected groups of more than one figure."""
    below: dict[_Node, set[_Node]] = {}
    for edge in edges:
        below.setdefault(edge.above, set()).add(edge.below)
        below.setdefault(edge.below, set())
    reach = {node: _reached(node, below) for node in below}
    groups: list[set[_Node]] = []
    for node in below:
        if any(node in group for group in groups):
            continue
        group = {other for other in reach[node] if node in reach[other]}
        if len(group) > 1:
            groups.append(group | {node})
    return groups


def _reached(start: _Node, below: dict[_Node, set[_Node]]) -> set[_Node]:
    seen: set[_Node] = set()
    waiting = [start]
    while waiting:
        for node in below[waiting.pop()]:
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def _told(edges: Sequence[_Edge]) -> Finding:
    pairs = [
        (one, other)
        for one in edges
        for other in edges
        if one.above == other.below
        and one.below == other.above
        and (one.strict or other.strict)
        and one.claim.id < other.claim.id
    ]
    conflicts = [frozenset({one.claim.id, other.claim.id}) for one, other in pairs]
    if not conflicts:  # a longer circle: all of it
        conflicts = [frozenset(edge.claim.id for edge in edges)]
    taking_part = frozenset().union(*conflicts)
    used = [edge for edge in edges if edge.claim.id in taking_part]
    claims = list(dict.fromkeys(edge.claim.id for edge in used))
    weights = {each: Fraction(1) for each in claims}
    _, aside, _ = lightest_hitting(conflicts, weights)
    sides: dict[tuple[_Node, _Node], list[str]] = {}
    for edge in used:
        sides.setdefault((edge.above, edge.below), []).append(
            f"{edge.claim.id} ({edge.claim.source} {' '.join(edge.claim.at)})"
        )
    told = [
        f"{above[0]} is put above {below[0]} for {above[1]} by {', '.join(by)}"
        for (above, below), by in sides.items()
    ]
    nodes = sorted(
        {node for edge in used for node in (edge.above, edge.below)},
        key=lambda node: (node[0], node[1].sort_key),
    )
    sources = dict.fromkeys(edge.claim.source for edge in used)
    return Finding(
        Verdict.CONTRADICTION,
        tuple(dict.fromkeys(series for series, _ in nodes)),
        tuple(dict.fromkeys(str(period) for _, period in nodes)),
        tuple(sorted(claims)),
        tuple(sources),
        f"{'; '.join(told)}: these claims cannot all be true",
        tuple(sorted(map(joined, aside))),
    )


_ZERO = Fraction(0)
_MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """The bounds of one figure and what they rest on; ``known`` where anything is."""

    bounds: Bounds
    statements: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether more is known than that it is not negative."""
        return bool(self.statements)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the bounds make of a claim: true, false, or None where they leave it open."""

    holds: bool | None
    text: str
    statements: tuple[str, ...]


class Claims:
    """Judges claims from what the figures' own facts allow."""

    def __init__(self, book: Evidence, members: Sequence[Family]) -> None:
        self.book = book
        self._groups = {
            series: (*family.series, *family.shares)
            for family in members
            for series in (*family.series, *family.shares)
        }
        self._families: dict[str, Family | None] = {}
        self._answers: dict[int, Inferences] = {}
        self._facts: dict[str, list[str]] = {}
        for fact in book.facts.values():
            if fact.rank is not Rank.DEPRECATED:
                self._facts.setdefault(fact.series, []).append(fact.id)
        self._figures: dict[tuple[str, Period, bool], Figure] = {}

    def findings(self, claims: Sequence[Claim], proved: list[str]) -> Iterator[Finding]:
        """Claims that are refuted, opposed to others or not proved; *proved* takes the others."""
        read = [Read(claim, parse_claim(claim.says)) for claim in claims]
        against = list(opposed(read))
        yield from against
        same: dict[ParsedClaim, list[Claim]] = {}
        for claim, says in read:
            same.setdefault(says, []).append(claim)
        refuted = {name for found in against for name in found.names}
        for says, by in same.items():
            judged = self.judge(says)
            if judged.holds:
                proved += [claim.id for claim in by]
            elif judged.holds is False:
                yield self._refuted(says, by, judged)
            elif not refuted.issuperset(claim.id for claim in by):
                yield self._finding(Verdict.UNPROVEN, says, by, judged, (), "is not proved")

    def judge(self, says: ParsedClaim) -> Judged:
        """Whether the bounds prove or refute a claim."""
        match says:
            case Comparison():
                return self._comparison(says)
            case FirstTime():
                return self._first(says)
            case Ranking():
                return self._ranking(says)

    # --- comparisons ----------------------------------------------------------------------------

    def _comparison(self, says: Comparison) -> Judged:
        left, right = self._figure(says.left), self._figure(says.right)
        difference = self._difference(says, left, right)
        text = f"{self._told(says.left, left)}; {self._told(says.right, right)}"
        statements = tuple(
            dict.fromkeys((*difference.statements, *left.statements, *right.statements))
        )
        if not left.known or not right.known:
            return Judged(None, text, statements)
        low, high = difference.bounds
        holds: bool | None
        match says.op:
            case ">":
                holds = _decided(low is not None and low > 0, high is not None and high <= 0)
            case ">=":
                holds = _decided(low is not None and low >= 0, high is not None and high < 0)
            case "<":
                holds = _decided(high is not None and high < 0, low is not None and low >= 0)
            case "<=":
                holds = _decided(high is not None and high <= 0, low is not None and low > 0)
            case _:
                apart = (low is not None and low > 0) or (high is not None and high < 0)
                holds = _decided(low == high == _ZERO, apart)
        if holds is None and low is not None and high is not None:
            unit = self.book.series[says.left.series].unit
            text += f": the first less the second is {short_range(*difference.bounds, unit)}"
        return Judged(holds, text, statements)

    def _difference(self, says: Comparison, left: Figure, right: Figure) -> Figure:
        one, other = says.left, says.right
        family = self._family(one.series)
        if family is not None and one.series in family.series and other.series in family.series:
            target = Objective(
                (
                    (one.factor, Cell(one.series, one.period)),
                    (-other.factor, Cell(other.series, other.period)),
                )
            )
            answer = self._asked(family, target)
            if answer is not None:
                return answer
        (low, high), (base_low, base_high) = left.bounds, right.bounds
        return Figure(
            Bounds(
                None if low is None or base_high is None else low - base_high,
                None if high is None or base_low is None else high - base_low,
            )
        )

    def _asked(self, family: Family, target: Objective) -> Figure | None:
        # a formula in words knows whole windows only, so a factor is asked for in two steps
        if any(abs(factor) != 1 for factor, _ in target.over):
            return None
        if id(family) not in self._answers:
            self._answers[id(family)] = Inferences(
                family, lambda each: self.book.facts_behind(each)[0].origin
            )
        answer = self._answers[id(family)].to(target)
        if not isinstance(answer, Inferred | Negative):  # a difference may well be below zero
            return None
        return Figure(answer.bounds, answer.statements)

    # --- first times ----------------------------------------------------------------------------

    def _first(self, says: FirstTime) -> Judged:
        now = self._comparison(says.comparison)
        if now.holds is False:
            return now
        months = says.comparison.left.period.months
        since = says.since.start
        open_ = []
        statements = list(now.statements)
        for back in range(1, 400):
            if not months or since is None:
                break
            try:
                earlier = _shifted(says.comparison, -months * back)
            except PeriodError:
                break
            start = earlier.left.period.start
            if start is None or start < since:
                break
            judged = self._comparison(earlier)
            if judged.holds:
                text = f"it held before, in {short_period(earlier.left.period)}: {judged.text}"
                return Judged(False, text, (*judged.statements, *statements))
            if judged.holds is None:
                open_.append(short_period(earlier.left.period))
            statements += judged.statements
        if now.holds and not open_:
            return Judged(True, now.text, tuple(dict.fromkeys(statements)))
        text = now.text
        if open_:
            years = open_[::-1]
            told = listed(years) if len(years) <= _MOST_TOLD else f"{years[0]} to {years[-1]}"
            text += f"; nothing decides it for {told}"
        return Judged(None, text, tuple(dict.fromkeys(statements)))

    # --- ranks ----------------------------------------------------------------------------------

    def _ranking(self, says: Ranking) -> Judged:
        own = self._of(says.series, says.period, says.by_growth)
        above: list[str] = []
        perhaps: list[str] = []
        statements = list(own.statements)
        others = sorted(
            id_ for id_ in self.book.series if id_ != says.series and fnmatchcase(id_, says.among)
        )
        known = 0
        for id_ in others:
            figure = self._of(id_, says.period, says.by_growth)
            known += figure.known
            statements += figure.statements
            low, high = figure.bounds
            if low is not None and own.bounds.high is not None and low > own.bounds.high:
                above.append(id_)
            elif (
                not figure.known or own.bounds.low is None or high is None or high > own.bounds.low
            ):
                perhaps.append(id_)
        used = tuple(dict.fromkeys(statements))
        best, worst = len(above) + 1, len(above) + len(perhaps) + 1
        text = self._told(Term(says.series, says.period), own)
        if says.by_growth:
            text = f"growth is ranked: {text}"
        if own.known and best > says.limit:
            return Judged(False, f"{text}; above it are {listed(above)}", used)
        if not own.known or not others or not known:
            text += "; of no other is anything known" if own.known else ""
            return Judged(None, text, used)
        if worst <= says.limit and (says.op == "<=" or best == says.limit):
            return Judged(True, text, used)
        if says.op == "=" and worst < says.limit:
            return Judged(False, f"{text}; at worst it is number {worst}", used)
        return Judged(None, f"{text}; it may be number {best} to {worst}", used)

    # --- figures --------------------------------------------------------------------------------

    def _figure(self, term: Term) -> Figure:
        figure = self._of(term.series, term.period, growth=False)
        if term.factor == 1:
            return figure
        if term.factor == 0:
            return Figure(Bounds.exactly(_ZERO), figure.statements)
        return Figure(figure.bounds.scale(term.factor), figure.statements)

    def _of(self, series: str, period: Period, growth: bool) -> Figure:
        key = (series, period, growth)
        if key not in self._figures:
            self._figures[key] = self._looked_up(series, period, growth)
        return self._figures[key]

    def _looked_up(self, series: str, period: Period, growth: bool) -> Figure:
        family = self._family(series)
        if family is None:
            return Figure(Bounds())
        if series in family.shares:
            part, whole = (Objective.window(Cell(each, period)) for each in family.shares[series])
            target = Objective.share(part, whole)
        else:
            target = Objective.window(Cell(series, period))
        if growth:
            if series in family.shares:
                return Figure(Bounds())
            before = Objective.window(Cell(series, period.year_before()))
            target = Objective.growth(target, before)
        return self._asked(family, target) or Figure(Bounds())

    def _family(self, series: str) -> Family | None:
        """The family of a series, from facts that agree window by window."""
        if series not in self._families:
            group = self._groups.get(series, ())
            ids = [fact for each in group for fact in self._facts.get(each, ())]
            known = {each: self.book.series[each] for each in group}
            settled = usable_facts([self.book.facts[each] for each in ids], known)
            found = families(settled.facts, known, self.book.words, disputed=settled.disputed)
            for each in group or (series,):
                self._families[each] = None
            for family in found:
                for each in (*family.series, *family.shares):
                    self._families[each] = family
        return self._families[series]

    def _told(self, term: Term, figure: Figure) -> str:
        series = self.book.series.get(term.series)
        factor = f"{float(term.factor):g} times " if term.factor != 1 else ""
        name = f"{factor}{series.title if series else term.series}, {short_period(term.period)}"
        if not figure.known:
            return f"of {name}, nothing is known"
        unit = series.unit if series else ""
        size = short_range(*figure.bounds, unit)
        size += f" {unit}" if unit != "percent" else ""
        return f"{name}, is {size} ({', '.join(self.book.sources_of(figure.statements))})"

    # --- findings -------------------------------------------------------------------------------

    def _refuted(self, says: ParsedClaim, by: Sequence[Claim], judged: Judged) -> Finding:
        origins = self._origins(by)
        own = joined({claim.id for claim in by})
        weights = {each: self.book.weight(each) for each in judged.statements}
        least = min([origins, *weights.values()])
        aside = [own] if origins == least else []
        aside += [
            each
            for each, weight in weights.items()
            if weight == least and self._without(each).judge(says).holds is not False
        ]
        if not aside:
            aside = [own]
        return self._finding(
            Verdict.CONTRADICTION, says, by, judged, tuple(aside), "cannot be true"
        )

    def _without(self, statement: str) -> Claims:
        other = Claims(self.book, ())
        other._groups = self._groups
        other._facts = {
            series: [fact for fact in facts if fact != statement.split(":")[0]]
            for series, facts in self._facts.items()
        }
        return other

    def _origins(self, by: Sequence[Claim]) -> Fraction:
        found = set()
        for claim in by:
            source = self.book.sources.get(claim.source)
            found.add(source.origin if source and source.origin else claim.source)
        return Fraction(len(found))

    def _finding(
        self,
        verdict: Verdict,
        says: ParsedClaim,
        by: Sequence[Claim],
        judged: Judged,
        aside: tuple[str, ...],
        said: str,
    ) -> Finding:
        statements = tuple(each for each in judged.statements)
        series, periods = _named(says)
        places = listed([f"{claim.source} {' '.join(claim.at)}" for claim in by])
        message = f"{by[0].says} ({places}) {said}: {judged.text}"
        sources = (*(claim.source for claim in by), *self.book.sources_of(statements))
        return Finding(
            verdict,
            series,
            periods,
            (*(claim.id for claim in by), *statements),
            tuple(dict.fromkeys(sources)),
            message,
            aside,
        )


def _decided(true: bool, false: bool) -> bool | None:
    return True if true else False if false else None


def _shifted(says: Comparison, months: int) -> Comparison:
    left = says.left._replace(period=says.left.period.shift(months))
    right = says.right._replace(period=says.right.period.shift(months))
    return says._replace(left=left, right=right)


def _named(says: ParsedClaim) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match says:
        case Comparison():
            terms = (says.left, says.right)
            periods = dict.fromkeys(str(term.period) for term in terms)
            return tuple(dict.fromkeys(term.series for term in terms)), tuple(periods)
        case FirstTime():
            return _named(says.comparison)
        case Ranking():
            return (says.series,), (str(says.period),)


def concerned(claim: Claim, wanted: Set[str]) -> bool:
    """Whether a claim speaks of one of these series."""
    series, _ = _named(parse_claim(claim.says))
    return not wanted.isdisjoint(series)
