"""Claims of sources held against the bounds: refuted, not proved, or proved."""

import functools
import math
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import chain, combinations
from operator import attrgetter, eq, ge, gt, le, lt

from evcli.audit.contradictions import MOST_NAMED, lightest_hitting
from evcli.audit.evidence import Evidence, Finding, Verdict
from evcli.grouping import grouped, reached, tied
from evcli.inference.bounds import Inferences, Inferred, Negative
from evcli.inference.family import Cell, Family, Objective, fact_of, families, usable_facts
from evcli.model.claim import Comparison, ParsedClaim, RankClaim, Term, parse_claim
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Claim, Fact
from evcli.query.topic_answer import is_region
from evcli.text.lists import listed
from evcli.text.numbers import short_range
from evcli.tuples import NamedTuple


class _Edge(NamedTuple):
    above: Cell
    below: Cell
    strict: bool
    claim: Claim


def _edges(claims: Sequence[tuple[Claim, ParsedClaim]]) -> list[_Edge]:
    found: list[_Edge] = []
    leads: list[tuple[Claim, RankClaim, Cell]] = []
    for claim, says in claims:
        if isinstance(says, RankClaim):
            if says.limit == 1 and not says.by_growth:
                leads.append((claim, says, _cell(says)))
        elif not says.since and says.left.factor == says.right.factor == 1:
            left, right = _cell(says.left), _cell(says.right)
            for op, ends in ((">", (left, right)), ("<", (right, left))):
                if says.op[0] in (op, "="):
                    found.append(_Edge(*ends, says.op == op, claim))
    cells = dict.fromkeys(chain(*(each[:2] for each in found), (top for *_, top in leads)))
    for claim, says, top in leads:
        found += [
            _Edge(top, cell, True, claim)
            for cell in cells
            if cell != top and cell.period == says.period and fnmatchcase(cell.series, says.among)
        ]
    return found


def _cell(figure: Term | RankClaim) -> Cell:
    return Cell(figure.series, figure.period)


def _circle(edges: Sequence[_Edge]) -> Finding:
    """The finding that these claims put figures above each other in a circle."""
    conflicts = [
        frozenset({one.claim.id, other.claim.id})
        for one, other in combinations(edges, 2)
        if one[:2] == (other.below, other.above) and (one.strict or other.strict)
    ]
    conflicts = conflicts or [frozenset(edge.claim.id for edge in edges)]  # all of a longer circle
    claims = sorted(frozenset().union(*conflicts))
    used = [edge for edge in edges if edge.claim.id in claims]
    aside = lightest_hitting(conflicts, dict.fromkeys(claims, Fraction(1)))
    sides: dict[tuple[Cell, Cell], list[str]] = {}
    for edge in used:
        place = f"{edge.claim.id} ({edge.claim.source} {' '.join(edge.claim.at)})"
        sides.setdefault((edge.above, edge.below), []).append(place)
    orders = [
        f"{above.series} is put above {below.series} for {above.period} by {', '.join(by)}"
        for (above, below), by in sides.items()
    ]
    both = chain.from_iterable(sides)
    cells = sorted(both, key=lambda cell: (cell.series, cell.period.sort_key))
    return Finding(
        Verdict.CONTRADICTION,
        tuple(dict.fromkeys(cell.series for cell in cells)),
        tuple(dict.fromkeys(str(cell.period) for cell in cells)),
        tuple(claims),
        tuple(dict.fromkeys(edge.claim.source for edge in used)),
        f"{'; '.join(orders)}: these claims cannot all be true",
        tuple(sorted("+".join(sorted(each)) for each in aside)),
    )


_MOST_WINDOWS = 400  # before the one that is claimed to be the first


class TermBounds(NamedTuple):
    """The bounds of a term of a claim and what they rest on: nothing where nothing is known."""

    bounds: Bounds = Bounds()
    statements: tuple[str, ...] = ()


class Judgement(NamedTuple):
    """What the bounds make of a claim: true, false, or None where they leave it open."""

    holds: bool | None
    text: str
    statements: Sequence[str]  # some perhaps more than once


class Claims:
    """Judges claims from what the figures' own facts, but for *left_out*, allow."""

    def __init__(
        self, evidence: Evidence, members: Sequence[Family], left_out: str | None = None
    ) -> None:
        self._evidence = evidence
        self._members = members
        groups = ((*family.series, *family.shares) for family in members)
        self._groups = {series: group for group in groups for series in group}
        self._families: dict[str, Inferences | None] = {}
        kept = (fact for fact in evidence.facts.values() if fact.id != left_out)
        self._facts: dict[str, list[Fact]] = grouped(kept, attrgetter("series"))
        self._of = functools.cache(self._looked_up)

    def findings(self, claims: Sequence[Claim], proved: list[str]) -> Iterator[Finding]:
        """Claims that are refuted, opposed to others or not proved; *proved* takes the others."""
        read = [(claim, parse_claim(claim.says)) for claim in claims]
        edges = _edges(read)
        of_cell = grouped(edges, attrgetter("above"))

        def below(cell: Cell) -> list[Cell]:
            return [edge.below for edge in of_cell.get(cell, ())]

        circling = [edge for edge in edges if edge.above in reached([edge.below], below)]
        circles = tied(circling, attrgetter("above", "below"))
        against = [_circle(each) for each in circles if any(edge.strict for edge in each)]
        yield from against
        refuted = {name for found in against for name in found.names}
        for says, same in grouped(read, lambda pair: pair[1]).items():
            by = [claim for claim, _ in same]
            judged = self.judge(says)
            if judged.holds:
                proved += [claim.id for claim in by]
            elif judged.holds is False:
                yield self._refuted(says, by, judged)
            elif not refuted.issuperset(claim.id for claim in by):
                yield self._finding(says, by, judged)

    def judge(self, says: ParsedClaim) -> Judgement:
        """Whether the bounds prove or refute a claim."""
        if isinstance(says, RankClaim):
            return self._ranking(says)
        return self._first(says) if says.since else self._comparison(says)

    def _comparison(self, says: Comparison) -> Judgement:
        one, other = says.left, says.right
        left, right = self._figure(one), self._figure(other)
        apart = None  # by the family as a whole, else by what each is by itself
        known = self._known(one.series)
        if known is not None and {one.series, other.series} <= known.family.series.keys():
            terms = ((one.factor, _cell(one)), (-other.factor, _cell(other)))
            apart = self._inferred(known, Objective(terms))
        apart = apart or TermBounds(left.bounds.plus(right.bounds.negate()))
        text = f"{self._in_words(one, left)}; {self._in_words(other, right)}"
        used = (*apart.statements, *left.statements, *right.statements)
        if not left.statements or not right.statements:
            return Judgement(None, text, used)
        holds = _decided(says.op, apart.bounds)
        if holds is None and apart.bounds.width is not None:
            unit = self._evidence.series[one.series].unit
            text += f": the first less the second is {short_range(*apart.bounds, unit)}"
        return Judgement(holds, text, used)

    def _inferred(self, known: Inferences, objective: Objective) -> TermBounds | None:
        # a formula in words knows whole windows only, so a factor is asked for in two steps
        if any(abs(factor) != 1 for factor, _ in objective.over):
            return None
        answer = known.of(objective)
        if not isinstance(answer, Inferred | Negative):  # a difference may well be below zero
            return None
        return TermBounds(answer.bounds, answer.statements)

    def _first(self, says: Comparison) -> Judgement:
        now = self._comparison(says)
        if now.holds is False:
            return now
        undecided: list[str] = []
        statements = list(now.statements)
        for earlier in _earlier(says):
            when = earlier.left.period.label
            judged = self._comparison(earlier)
            if judged.holds:
                text = f"it held before, in {when}: {judged.text}"
                return Judgement(False, text, (*judged.statements, *statements))
            if judged.holds is None:
                undecided.insert(0, when)
            statements += judged.statements
        if not undecided:
            return Judgement(now.holds, now.text, statements)
        which = listed(undecided)
        if len(undecided) > MOST_NAMED:
            which = f"{undecided[0]} to {undecided[-1]}"
        return Judgement(None, f"{now.text}; nothing decides it for {which}", statements)

    def _ranking(self, says: RankClaim) -> Judgement:
        own = self._of(says.series, says.period, says.by_growth)
        least = own.bounds.low
        above: list[str] = []
        perhaps: list[str] = []
        statements = list(own.statements)
        every, words = self._evidence.series, self._evidence.words
        # a region is no rival of a country
        regions = {id_: is_region(each.destination, words) for id_, each in every.items()}
        others = sorted(
            id_
            for id_ in every.keys() - {says.series}
            if fnmatchcase(id_, says.among) and regions[id_] == regions[says.series]
        )
        known = 0
        for id_ in others:
            figure = self._of(id_, says.period, says.by_growth)
            known += bool(figure.statements)
            statements += figure.statements
            high = figure.bounds.high
            if figure.bounds.exceeds(own.bounds):
                above.append(id_)
            elif not figure.statements or least is None or high is None or high > least:
                perhaps.append(id_)
        best, worst = len(above) + 1, len(above) + len(perhaps) + 1
        text = self._in_words(says.terms[0], own)
        if says.by_growth:
            text = f"growth is ranked: {text}"
        if own.statements and best > says.limit:
            return Judgement(False, f"{text}; above it are {listed(above)}", statements)
        if not own.statements or not known:
            text += "; of no other is anything known" if own.statements else ""
            return Judgement(None, text, statements)
        if worst <= says.limit and (says.op == "<=" or best == says.limit):
            return Judgement(True, text, statements)
        if says.op == "=" and worst < says.limit:
            return Judgement(False, f"{text}; at worst it is number {worst}", statements)
        return Judgement(None, f"{text}; it may be number {best} to {worst}", statements)

    def _figure(self, term: Term) -> TermBounds:
        figure, zero = self._of(term.series, term.period, False), Bounds.exactly(Fraction(0))
        return figure._replace(bounds=figure.bounds.scale(term.factor) if term.factor else zero)

    def _looked_up(self, series: str, period: Period, growth: bool) -> TermBounds:
        known = self._known(series)
        if known is None or (growth and series in known.family.shares):
            return TermBounds()
        objective = Objective.of(Cell(series, period))
        if series in known.family.shares:
            both = (Objective.of(Cell(each, period)) for each in known.family.shares[series])
            objective = Objective.share(*both)
        elif growth:
            before = Objective.of(Cell(series, period.year_before()))
            objective = Objective.growth(objective, before)
        return self._inferred(known, objective) or TermBounds()

    def _known(self, series: str) -> Inferences | None:
        """The family of a series, from facts that agree window by window."""
        if series not in self._families:
            group = self._groups.get(series, ())
            facts = [fact for each in group for fact in self._facts.get(each, ())]
            known = {each: self._evidence.series[each] for each in group}
            usable, disputed = usable_facts(facts, known)
            self._families.update(dict.fromkeys(group or (series,)))
            for family in families(usable, known, self._evidence.words, disputed=disputed):
                members = (*family.series, *family.shares)
                self._families.update(dict.fromkeys(members, Inferences(family)))
        return self._families[series]

    def _in_words(self, term: Term, figure: TermBounds) -> str:
        series = self._evidence.series[term.series]
        factor = f"{float(term.factor):g} times " if term.factor != 1 else ""
        name = f"{factor}{series.title}, {term.period.label}"
        if not figure.statements:
            return f"of {name}, nothing is known"
        size = short_range(*figure.bounds, series.unit)
        size += f" {series.unit}" if series.unit != "percent" else ""
        return f"{name}, is {size} ({', '.join(self._evidence.sources_of(figure.statements))})"

    def _refuted(self, says: ParsedClaim, by: Sequence[Claim], judged: Judgement) -> Finding:
        own = "+".join(sorted({claim.id for claim in by}))
        sources = {claim.source: self._evidence.sources.get(claim.source) for claim in by}
        origins = {source.origin or id_ if source else id_ for id_, source in sources.items()}
        weights = {each: self._evidence.weight(each) for each in judged.statements}
        least = min([Fraction(len(origins)), *weights.values()])
        aside = [own] if len(origins) == least else []
        aside += [
            each
            for each, weight in weights.items()
            if weight == least
            and Claims(self._evidence, self._members, fact_of(each)).judge(says).holds is not False
        ]
        return self._finding(says, by, judged)._replace(set_aside=tuple(aside or [own]))

    def _finding(self, says: ParsedClaim, by: Sequence[Claim], judged: Judgement) -> Finding:
        verdict, outcome = Verdict.UNPROVEN, "is not proved"
        if judged.holds is False:
            verdict, outcome = Verdict.CONTRADICTION, "cannot be true"
        series = tuple(dict.fromkeys(term.series for term in says.terms))
        periods = tuple(dict.fromkeys(str(term.period) for term in says.terms))
        places = listed([f"{claim.source} {' '.join(claim.at)}" for claim in by])
        facts = tuple(dict.fromkeys((*(claim.id for claim in by), *judged.statements)))
        sources = (*(claim.source for claim in by), *self._evidence.sources_of(judged.statements))
        message = f"{by[0].says} ({places}) {outcome}: {judged.text}"
        return Finding(verdict, series, periods, facts, tuple(dict.fromkeys(sources)), message)


_COMPARED = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq}


def _decided(op: str, apart: Bounds) -> bool | None:
    """Whether a difference of these bounds is ``op`` zero; None where they leave it open."""
    low = -math.inf if apart.low is None else apart.low
    high = math.inf if apart.high is None else apart.high
    outcomes = {bool(_COMPARED[op](end, 0)) for end in (low, high)}
    around = op == "=" and low < 0 < high
    return None if around or len(outcomes) > 1 else outcomes.pop()


def _earlier(says: Comparison) -> Iterator[Comparison]:
    """The comparison in the windows before, as far back as the claim goes."""
    since, months = says.since, says.left.period.months or 0
    for back in range(1, _MOST_WINDOWS if months else 0):
        left, right = (e._replace(period=e.period.shift(-months * back)) for e in says.terms)
        if since is None or left.period.sort_key[1] < since.sort_key[1]:
            return
        yield says._replace(left=left, right=right)
