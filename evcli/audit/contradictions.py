"""What cannot hold together, and the least to set aside so that the rest can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from evcli.audit.evidence import Evidence, Finding, Verdict, joined, series_of
from evcli.audit.messages import Narrator
from evcli.inference import (
    Conflict,
    ConstraintKind,
    Family,
    fact_of,
    proves_infeasible,
    set_aside,
    smallest_conflict,
)
from evcli.inference.conflicts import PROVED_UP_TO
from evcli.inference.feasibility import Feasibility
from evcli.lp.hitting_sets import greedy_hitting
from evcli.text.phrases import listed

_MOST_TIES = 16


class Unproved(AssertionError):
    """A conflict whose proof does not add up: never printed, a bug in the engine."""


def confirmed(conflict: Conflict) -> Conflict:
    """The conflict, once its proof adds up to an impossibility in exact fractions."""
    stated = {each.row.statement for each in conflict.proof} - {""}
    if not proves_infeasible(conflict.proof) or not stated <= set(conflict.statements):
        raise Unproved(f"no proof: {', '.join(conflict.statements)}")
    return conflict


def holds(family: Family) -> bool:
    """Whether all that the family states can hold together."""
    return Feasibility(family).conflict() is None


def conflicts_of(
    family: Family, book: Evidence
) -> Iterator[tuple[Conflict, tuple[frozenset[str], ...]]]:
    """Conflicts with what is lightest to set aside, until all that stays can hold together.

    The smallest of all comes first; then, for every statement that has to go, the smallest that
    shows why, beside what stays.
    """
    if len(family.statements) > PROVED_UP_TO:
        yield from _unproved(family, book)
        return
    found = smallest_conflict(family)
    if found is None:
        return
    weights = book.weights(family.statements)
    leaving = set_aside(family, weights, most=_MOST_TIES).sets[0]
    kept = frozenset(family.statements) - leaving
    open_ = sorted(leaving)
    while found is not None:
        inside = leaving.intersection(found.statements)
        ties = _ties(family.only(kept | inside), found, inside, weights)
        yield confirmed(found), ties
        if len(inside) == 1:  # else it does not show that each has to go, whatever else does
            open_ = [each for each in open_ if each not in inside]
        found = smallest_conflict(family.only(kept | {open_[0]})) if open_ else None


def _unproved(
    family: Family, book: Evidence
) -> Iterator[tuple[Conflict, tuple[frozenset[str], ...]]]:
    """The same where it is too much to prove: sets that are light, but perhaps not the lightest."""
    weights = book.weights(family.statements)
    heavy = {each: weights[fact_of(each)] for each in family.statements}
    everything = set(family.statements)
    oracle = Feasibility(family)
    known: list[frozenset[str]] = []
    leaving: frozenset[str] = frozenset()
    while further := _further(oracle, everything - leaving):
        known += further
        leaving = greedy_hitting(known, heavy)
    kept = oracle.grown(everything - leaving, sorted(heavy, key=lambda each: -heavy[each]))
    for each in sorted(everything - kept):
        statements, proof = oracle.irreducible(kept | {each})
        ties = [frozenset({each})]
        for other in statements:
            if other != each and heavy[other] == heavy[each]:
                oracle.allow((kept | {each}) - {other})
                if oracle.conflict() is None:
                    ties.append(frozenset({other}))
        smallest = len(statements) <= 2  # none contradicts itself
        yield confirmed(Conflict(statements, proof, proved_smallest=smallest)), tuple(ties)


def _further(oracle: Feasibility, left: set[str]) -> list[frozenset[str]]:
    """Conflicts among what is left, no two with a statement in common."""
    found: list[frozenset[str]] = []
    while True:
        oracle.allow(left)
        if oracle.conflict() is None:
            return found
        found.append(frozenset(oracle.irreducible(left)[0]))
        left = left - found[-1]


def _ties(
    family: Family,
    conflict: Conflict,
    leaving: frozenset[str],
    weights: Mapping[str, Fraction],
) -> tuple[frozenset[str], ...]:
    """All the lightest sets without which the family holds; *leaving* is known to be one."""
    others = [each for each in conflict.statements if each not in leaving]
    heavy = {each: weights[fact_of(each)] for each in family.statements}
    weight, least = sum((heavy[each] for each in leaving), Fraction(0)), min(heavy.values())
    if len(leaving) > 1 or any(heavy[each] + least <= weight for each in others):
        return set_aside(family, weights, most=_MOST_TIES).sets
    # two statements would weigh too much, so a tie is one statement of the conflict
    oracle, ties = Feasibility(family), [leaving]
    for each in others:
        if heavy[each] == weight:
            oracle.allow(set(family.statements) - {each})
            if oracle.conflict() is None:
                ties.append(frozenset({each}))
    return tuple(ties)


def lightest_of(conflict: Conflict, book: Evidence) -> tuple[frozenset[str], ...]:
    """The statements of one conflict that weigh least, each a way to mend it."""
    weights = {each: book.weight(each) for each in conflict.statements}
    least = min(weights.values())
    return tuple(frozenset({each}) for each in weights if weights[each] == least)


def contradiction(
    conflict: Conflict, ties: Sequence[frozenset[str]], teller: Narrator, prefix: str = ""
) -> Finding:
    """One contradiction as a finding."""
    told = teller.conflict(conflict.statements)
    message = f"{prefix}{told.text}"
    if ties:
        choices = [listed(sorted(map(teller.statement, each))) for each in ties]
        message += f"; least to set aside: {', or '.join(choices)}"
    if not conflict.proved_smallest:
        message += "; irreducible, but not proved to be the smallest set"
    return finding(
        Verdict.CONTRADICTION,
        conflict.statements,
        teller,
        message,
        set_aside=tuple(map(joined, ties)),
        size=told.size,
    )


def finding(
    verdict: Verdict,
    statements: Sequence[str],
    teller: Narrator,
    message: str,
    *,
    set_aside: tuple[str, ...] = (),
    size: Fraction | None = None,
    large: bool = False,
) -> Finding:
    """A finding about statements of one family."""
    book = teller.book
    facts = [book.facts_behind(each)[0] for each in statements]
    periods = sorted({fact.period for fact in facts}, key=lambda period: period.sort_key)
    series = (*(fact.series for fact in facts), *series_of(teller.family, statements))
    return Finding(
        verdict,
        tuple(dict.fromkeys(series)),
        tuple(map(str, periods)),
        tuple(statements),
        book.sources_of(statements),
        message,
        set_aside,
        size,
        large,
    )


def growth_miss(statements: Sequence[str], family: Family, book: Evidence) -> str:
    """The growth in a conflict that only misses what others printed of its base before.

    Growth speaks of the base as it was restated by its own release, so a miss is a restatement.
    Empty where the conflict is of another kind.
    """
    said = [each for each in family.assertions if each.statement in set(statements)]
    ratios = [each for each in said if each.base is not None]
    if len(ratios) != 1 or ratios[0].kind is ConstraintKind.SHARE or ratios[0].base is None:
        return ""
    ratio, base = ratios[0], ratios[0].base
    growing = book.facts_behind(ratio.statement)
    own = {fact.source for fact in growing} | {fact.origin for fact in growing}
    levels = [each for each in said if each.base is None]
    new = [each for each in levels if each.window == ratio.window]
    old = [each for each in levels if each.window != ratio.window]
    if len(new) != 1 or not old:
        return ""
    for each in new:
        if not any({fact.source, fact.origin} & own for fact in book.facts_behind(each.statement)):
            return ""
    for each in old:
        behind = book.facts_behind(each.statement)
        if not base.period.overlaps(each.window.period) or any(
            {fact.source, fact.origin} & own for fact in behind
        ):
            return ""
        if any(_later(fact.published, growing[0].published) for fact in behind):
            return ""
    return fact_of(ratio.statement)


def _later(one: str, other: str) -> bool:
    return bool(one) and bool(other) and one > other
