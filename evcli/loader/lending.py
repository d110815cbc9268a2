"""What packs without the built-in record borrow from it: the words that they use, and no others.

A word that a pack defines itself is its own. Of a borrowed one that lies in others only those
count that are borrowed, too: across those that nobody uses, and never in a word of the pack.
"""

from collections.abc import Collection, Set
from typing import Any

from evcli.model.codes import CONTINENTS
from evcli.model.vocabulary import Vocabulary, all_reached

Word = tuple[str, str]  # a kind, such as "subject", and an id
_SECTIONS = ("subjects", "metrics", "scopes", "destinations", "methods", "publishers")


def only_used(words: Vocabulary, lent: Set[Word], used: Collection[Word]) -> Vocabulary:
    """*words* without those that are *lent* and not *used*; units stay.

    >>> from evcli.model.vocabulary import Scope
    >>> scopes = {"all": Scope("all", "All"), "nev": Scope("nev", "NEV", ("all",))}
    >>> scopes["bev"] = Scope("bev", "BEV", ("nev",))
    >>> every = {("scope", each) for each in scopes}
    >>> few = only_used(Vocabulary(scopes=scopes), every, every - {("scope", "nev")})
    >>> {each.id: each.part_of for each in few.scopes.values()}
    {'all': (), 'bev': ('all',)}
    """
    wanted = set(used)
    for kind, id in used:
        if kind == "destination":  # a region is drawn by all that it has in it
            wanted.update((kind, each) for each in words.everything_in(id))
        elif kind == "publisher":
            wanted.add(("subject", id))  # who counts itself
    for id in words.destinations:  # a region is drawn round what lies in it
        inside = words.everything_in(id) | CONTINENTS.get(id, frozenset())
        if any(("destination", each) in used for each in inside):
            wanted.add(("destination", id))

    def is_kept(kind: str, id: str) -> bool:
        return (kind, id) in wanted or (kind, id) not in lent

    kept: dict[str, Any] = {}
    for section in _SECTIONS:
        known, kind = getattr(words, section), section.removesuffix("s")
        own = kept[section] = {id: each for id, each in known.items() if is_kept(kind, id)}
        borrowed = {id for id in own if (kind, id) in lent}
        between = {id: each for id, each in known.items() if id not in own}  # lent, but not used
        for id in borrowed if section in ("subjects", "scopes") else ():
            above = all_reached(id, {**between, id: own[id]}, "part_of")[1:]
            own[id] = own[id]._replace(part_of=tuple(each for each in above if each in borrowed))
    kept["partitions"] = tuple(
        each for each in words.partitions if {each.whole, *each.parts} <= kept["scopes"].keys()
    )
    kept["restatements"] = tuple(
        each
        for each in words.restatements
        if is_kept("publisher", each.publisher) and is_kept("metric", each.metric)
    )
    return words._replace(**kept)
