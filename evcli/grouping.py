"""Things put together by what they have in common, and many of them made."""

import gc
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The items of each key, in order; keys in the order in which they first appear.

    >>> grouped(["b1", "a1", "b2"], lambda text: text[0])
    {'b': ['b1', 'b2'], 'a': ['a1']}
    """
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def components(items: Iterable[K], ties: Iterable[Sequence[K]]) -> list[list[K]]:
    """The items that hang together through *ties*, in the order given.

    >>> components(["a", "b", "c"], [("a", "c")])
    [['a', 'c'], ['b']]
    """
    leader = {each: each for each in items}

    def find(each: K) -> K:
        while leader[each] != each:
            leader[each] = leader[leader[each]]
            each = leader[each]
        return each

    for first, *others in ties:
        for other in others:
            leader[find(other)] = find(first)
    return list(grouped(leader, find).values())


def reached(start: Iterable[K], beside: Callable[[K], Iterable[K]]) -> list[K]:
    """*start* and all that *beside* leads to from there, the nearest first.

    >>> reached([12], lambda number: [number // 2, number // 3] if number > 1 else [])
    [12, 6, 4, 3, 2, 1, 0]
    """
    found = dict.fromkeys(start)
    waiting = list(found)
    for each in waiting:  # which grows
        new = [other for other in dict.fromkeys(beside(each)) if other not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return waiting


def tied(items: Iterable[T], keys: Callable[[T], Iterable[K]]) -> list[list[T]]:
    """The items that hang together by *keys* that they share, each with one at least.

    >>> tied(["ab", "c", "bd"], list)
    [['ab', 'bd'], ['c']]
    """
    keyed = [(item, list(keys(item))) for item in items]
    groups = components((key for _, own in keyed for key in own), [own for _, own in keyed])
    group_of = {key: at for at, group in enumerate(groups) for key in group}
    together = grouped(keyed, lambda pair: group_of[pair[1][0]]).values()
    return [[item for item, _ in pairs] for pairs in together]


@contextmanager
def none_collected() -> Iterator[None]:
    """Many new objects, none of them garbage: to look for some would double the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
