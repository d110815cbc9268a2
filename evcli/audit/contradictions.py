"""What cannot hold together, and the least to set aside so that the rest can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from evcli.audit.evidence import Evidence, Finding, Verdict, joined, series_of
from evcli.audit.messages import Narrator
from evcli.inference import (
    PROVED_UP_TO,
    Conflict,
    ConstraintKind,
    Family,
    FamilyProgram,
    light_remainder,
    set_aside,
    smallest_conflict,
)
from evcli.lp.rows import labels_in, proves_infeasible
from evcli.text.phrases import listed

_MOST_TIES = 16


class Unproved(AssertionError):
    """A conflict whose proof does not add up: never printed, a bug in the engine."""


def confirmed(conflict: Conflict) -> Conflict:
    """The conflict, once its proof adds up to an impossibility in exact fractions."""
    named = labels_in(conflict.proof)
    if not proves_infeasible(conflict.proof) or not named <= set(conflict.statements):
        raise Unproved(f"no proof: {', '.join(conflict.statements)}")
    return conflict


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
    program = FamilyProgram(family)
    kept = light_remainder(program, weights)
    for each in sorted(set(family.statements) - kept):
        statements, proof = program.irreducible(kept | {each})
        ties = [frozenset({each})]
        for other in statements:
            if other != each and weights[other] == weights[each]:
                program.allow((kept | {each}) - {other})
                if program.conflict() is None:
                    ties.append(frozenset({other}))
        smallest = len(statements) <= 2  # none contradicts itself
        yield confirmed(Conflict(statements, proof, proved_smallest=smallest)), tuple(ties)


def _ties(
    family: Family,
    conflict: Conflict,
    leaving: frozenset[str],
    weights: Mapping[str, Fraction],
) -> tuple[frozenset[str], ...]:
    """All the lightest sets without which the family holds; *leaving* is known to be one."""
    others = [each for each in conflict.statements if each not in leaving]
    least = min(weights[each] for each in family.statements)
    weight = sum((weights[each] for each in leaving), Fraction(0))
    if len(leaving) > 1 or any(weights[each] + least <= weight for each in others):
        return set_aside(family, weights, most=_MOST_TIES).sets
    # two statements would weigh too much, so a tie is one statement of the conflict
    program, ties = FamilyProgram(family), [leaving]
    for each in others:
        if weights[each] == weight:
            program.allow(set(family.statements) - {each})
            if program.conflict() is None:
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
    said = [each for each in family.constraints if each.statement in set(statements)]
    ratios = [each for each in said if each.base is not None]
    if len(ratios) != 1 or ratios[0].kind is ConstraintKind.SHARE or ratios[0].base is None:
        return ""
    ratio, base = ratios[0], ratios[0].base
    growing = book.facts_behind(ratio.statement)
    own = {fact.source for fact in growing} | {fact.origin for fact in growing}
    levels = [each for each in said if each.base is None]
    new = [each for each in levels if each.cell == ratio.cell]
    old = [each for each in levels if each.cell != ratio.cell]
    if len(new) != 1 or not old:
        return ""
    for each in new:
        if not any({fact.source, fact.origin} & own for fact in book.facts_behind(each.statement)):
            return ""
    for each in old:
        behind = book.facts_behind(each.statement)
        if not base.period.overlaps(each.cell.period) or any(
            {fact.source, fact.origin} & own for fact in behind
        ):
            return ""
        if any(_later(fact.published, growing[0].published) for fact in behind):
            return ""
    return ratio.statement


def _later(one: str, other: str) -> bool:
    return bool(one) and bool(other) and one > other
