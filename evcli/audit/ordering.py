"""Claims that oppose each other: orderings that cannot all be true, whatever the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.finding import Finding, Verdict, joined
from evcli.lp.hitting_sets import lightest_hitting
from evcli.model.claim import Comparison, ParsedClaim, Ranking
from evcli.model.period import Period
from evcli.model.records import Claim

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
