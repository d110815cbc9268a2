"""What cannot hold together, and the least to set aside so that the rest can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from evcli.audit.evidence import Evidence, Finding, Verdict, joined
from evcli.audit.messages import Explainer
from evcli.inference.conflicts import (
    PROVED_UP_TO,
    Conflict,
    irreducible_conflict,
    light_remainder,
    set_aside,
    smallest_conflict,
)
from evcli.inference.family import Family
from evcli.inference.system import FamilyProgram
from evcli.text.lists import listed

_MOST_TIES = 16

Ties = tuple[frozenset[str], ...]  # alternatives, each enough to set aside


def conflicts_of(family: Family, evidence: Evidence) -> Iterator[tuple[Conflict, Ties]]:
    """Conflicts with what is lightest to set aside, until all that stays can hold together.

    The smallest of all comes first; then, for every statement that has to go, the smallest that
    shows why, beside what stays.
    """
    weights = evidence.weights(family.statements)
    if len(family.statements) > PROVED_UP_TO:
        yield from _unproved(family, weights)
        return
    found = smallest_conflict(family)
    if found is None:
        return
    leaving = set_aside(family, weights, most=_MOST_TIES)[0]
    kept = frozenset(family.statements) - leaving
    open_ = sorted(leaving)
    while found is not None:
        inside = leaving.intersection(found.statements)
        ties = _ties(family.only(kept | inside), found, inside, weights)
        yield found, ties
        if len(inside) == 1:  # else it does not show that each has to go, whatever else does
            open_ = [each for each in open_ if each not in inside]
        found = smallest_conflict(family.only(kept | {open_[0]})) if open_ else None


def _unproved(family: Family, weights: Mapping[str, Fraction]) -> Iterator[tuple[Conflict, Ties]]:
    """The same where it is too much to prove: sets that are light, but perhaps not the lightest."""
    program = FamilyProgram(family)
    kept = light_remainder(program, weights)
    for each in sorted(set(family.statements) - kept):
        conflict = irreducible_conflict(program, kept | {each})
        others = [other for other in conflict.statements if other != each]
        ties = _single_ties(program, kept | {each}, others, weights, weights[each])
        yield conflict, (frozenset({each}), *ties)


def _ties(
    family: Family, conflict: Conflict, leaving: frozenset[str], weights: Mapping[str, Fraction]
) -> Ties:
    """All the lightest sets without which the family holds; *leaving* is known to be one."""
    others = [each for each in conflict.statements if each not in leaving]
    least = min(weights[each] for each in family.statements)
    weight = sum((weights[each] for each in leaving), Fraction(0))
    if len(leaving) > 1 or any(weights[each] + least <= weight for each in others):
        return set_aside(family, weights, most=_MOST_TIES)
    # two statements would weigh too much, so a tie is one statement of the conflict
    program = FamilyProgram(family)
    return (leaving, *_single_ties(program, family.statements, others, weights, weight))


def _single_ties(
    program: FamilyProgram,
    among: Iterable[str],
    others: Sequence[str],
    weights: Mapping[str, Fraction],
    weight: Fraction,
) -> Iterator[frozenset[str]]:
    """Those of *others* that weigh so much and without which all else *among* can hold."""
    for each in others:
        if weights[each] == weight and program.can_hold(set(among) - {each}):
            yield frozenset({each})


def lightest_of(conflict: Conflict, evidence: Evidence) -> Ties:
    """The statements of one conflict that weigh least, each a way to mend it."""
    weights = {each: evidence.weight(each) for each in conflict.statements}
    least = min(weights.values())
    return tuple(frozenset({each}) for each in weights if weights[each] == least)


def contradiction(
    conflict: Conflict, ties: Ties, explainer: Explainer, prefix: str = ""
) -> Finding:
    """One contradiction as a finding; its message begins with *prefix*."""
    explanation = explainer.conflict(conflict.statements)
    message = f"{prefix}{explanation.text}"
    if ties:
        choices = [listed(sorted(map(explainer.statement, each))) for each in ties]
        message += f"; least to set aside: {', or '.join(choices)}"
    if not conflict.proved_smallest:
        message += "; irreducible, but not proved to be the smallest set"
    found = explainer.finding(Verdict.CONTRADICTION, conflict.statements, message, explanation.size)
    return found._replace(set_aside=tuple(map(joined, ties)))
