"""Which series of one publisher are parts of which: by scope, destination or subject.

A part of a scope partition lies in its whole together with the other parts, without overlap; if
every part has a series they make up the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from evcli.model.records import Series
from evcli.model.vocabulary import MetricKind, Vocabulary

ADDITIVE = (MetricKind.FLOW, MetricKind.STOCK, MetricKind.CAPACITY)


class Link(NamedTuple):
    """The parts together never exceed the whole; with ``exact`` they are the whole."""

    whole: str
    parts: tuple[str, ...]
    exact: bool


def links(series: Mapping[str, Series], words: Vocabulary) -> list[Link]:
    """Every part-of relation between *series*, leaving out those that follow from others."""
    alike: dict[tuple[str, str, str, str], list[Series]] = {}
    for each in series.values():
        metric = words.metrics.get(each.metric)
        if metric is not None and metric.kind in ADDITIVE:
            key = (each.metric, each.unit, each.publisher, each.method)
            alike.setdefault(key, []).append(each)
    found: list[Link] = []
    for group in alike.values():
        if len(group) > 1:
            found += _of_scopes(group, words)
            found += _of_pairs(group, words)
    return list(dict.fromkeys(found))


def _of_scopes(group: Sequence[Series], words: Vocabulary) -> list[Link]:
    places = {(each.subject, each.destination, each.scope): each for each in group}
    found = []
    for whole in group:
        for partition in words.partitions:
            if partition.whole != whole.scope:
                continue
            parts = [
                places[whole.subject, whole.destination, scope].id
                for scope in partition.parts
                if (whole.subject, whole.destination, scope) in places
            ]
            if len(parts) > 1:
                exact = len(parts) == len(partition.parts)
                found.append(Link(whole.id, tuple(parts), exact))
    return found


def _of_pairs(group: Sequence[Series], words: Vocabulary) -> list[Link]:
    scopes = {each.scope: frozenset(words.scope_and_wholes(each.scope)) for each in group}
    subjects = {each.subject: frozenset(words.subject_and_groups(each.subject)) for each in group}
    reaches: dict[tuple[str, str], bool] = {}

    def lies_in(part: Series, whole: Series) -> bool:
        if whole.scope not in scopes[part.scope] or whole.subject not in subjects[part.subject]:
            return False
        pair = (part.destination, whole.destination)
        if pair not in reaches:
            reaches[pair] = words.reaches(*pair)
        return reaches[pair]

    above: dict[str, set[str]] = {}
    for part in group:
        above[part.id] = {
            whole.id
            for whole in group
            if whole.id != part.id and lies_in(part, whole) and not lies_in(whole, part)
        }
    return [
        Link(whole, (part,), exact=False)
        for part, wholes in above.items()
        for whole in sorted(wholes)
        if not any(whole in above[between] for between in wholes)
    ]


def components(series: Sequence[str], ties: Sequence[Sequence[str]]) -> list[list[str]]:
    """The series that hang together through *ties*, in the order given.

    >>> components(["a", "b", "c"], [("a", "c")])
    [['a', 'c'], ['b']]
    """
    leader = {each: each for each in series}

    def find(each: str) -> str:
        while leader[each] != each:
            leader[each] = leader[leader[each]]
            each = leader[each]
        return each

    for first, *others in ties:
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[str, list[str]] = {}
    for each in series:
        groups.setdefault(find(each), []).append(each)
    return list(groups.values())


def needed(found: Sequence[Link], spoken: Collection[str]) -> list[Link]:
    """The links that bind the series *spoken* of, without series that nothing else ties down.

    A part that nothing is said of takes what the others leave, a whole that nothing is said of is
    as large as its parts: neither can make anything impossible.

    >>> needed([Link("all", ("nev", "ice"), True)], {"all", "nev"})
    [Link(whole='all', parts=('nev',), exact=False)]
    >>> needed([Link("all", ("nev", "ice"), True)], {"nev", "ice"})
    []
    """
    left = list(dict.fromkeys(found))
    while True:
        ties = Counter(each for link in left for each in (link.whole, *link.parts))
        after: dict[Link, None] = {}
        for link in left:
            parts = tuple(each for each in link.parts if each in spoken or ties[each] > 1)
            if parts and (link.whole in spoken or ties[link.whole] > 1):
                after[Link(link.whole, parts, link.exact and parts == link.parts)] = None
        if list(after) == left:
            return left
        left = list(after)


def only_among(found: Sequence[Link], ids: Collection[str]) -> list[Link]:
    """The links that remain when only the series *ids* are kept."""
    kept = []
    for link in found:
        parts = tuple(part for part in link.parts if part in ids)
        if link.whole in ids and parts:
            kept.append(Link(link.whole, parts, link.exact and parts == link.parts))
    return kept
