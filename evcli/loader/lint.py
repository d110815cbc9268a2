"""What breaks no rule but deserves a second look: for curators, never for readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter

from evcli.errors import Problem
from evcli.model.records import Fact, Place, Rank, Record, Status
from evcli.model.vocabulary import Destination, Subject
from evcli.text.stated import ALL_OF_IT


def review(record: Record) -> list[Problem]:
    """What a curator should look at though no rule is broken, in the order of the files.

    Sources that nothing rests on; facts resting on a source that nobody read; the same figure
    written twice from one source; figures older sources cannot have known; names that mean two
    things; partitions whose parts do not lie in the whole. Sources and vocabulary carry no
    place, so their warnings name no line.
    """
    parts = (_unused_sources, _about_sources_of_facts, _repeats, _partitions)
    found = [each for part in parts for each in part(record)]
    found += _shared_names("subject", record.vocabulary.subjects)
    found += _shared_names("destination", record.vocabulary.destinations)
    return sorted(found)


def _warn(place: Place | None, message: str, hint: str) -> Problem:
    return Problem(*(place or ("", 0, 0)), message, hint)


def _unused_sources(record: Record) -> Iterator[Problem]:
    used = {source.origin for source in record.sources.values()}
    used.update(fact.origin for fact in record.facts)
    used.update(record.source_counts())
    for name, source in record.sources.items():
        # a seed's card stands for itself: it lists what was left out
        if name not in used and not source.file:
            yield _warn(None, f"nothing rests on the source {name!r}", "remove it or use it")


def _about_sources_of_facts(record: Record) -> Iterator[Problem]:
    """Facts on the word of sources that nobody read, or that cannot have known them."""
    for fact in record.facts:
        source = record.sources.get(fact.source)
        if source is None:
            continue
        if not source.read:
            message = f"the fact rests on {fact.source!r}, which is marked read: no"
            hint = "cite the source that was read and name this one as origin"
            yield _warn(fact.place, message, hint)
        believed = fact.status is not Status.FORECAST and fact.rank is not Rank.DEPRECATED
        if believed and source.published and source.published.precedes(fact.period):
            message = f"the source is of {source.published}, before {fact.period} began"
            yield _warn(fact.place, message, "write status: forecast, or check the dates")
        for growth in (fact.yoy, fact.mom, fact.change and fact.change.quantity):
            if believed and growth and growth.value is not None and growth.value < ALL_OF_IT:
                hint = "check the sign; what a page misprints goes into left_out: of its source"
                yield _warn(fact.place, "nothing falls by more than all of it", hint)


def _repeats(record: Record) -> Iterator[Problem]:
    said = attrgetter(
        "series", "period", "source", "stated", "yoy_stated", "mom_stated", "change", "status"
    )
    first: dict[object, Fact] = {}
    for fact in record.facts:
        earlier = first.setdefault(said(fact), fact)
        if earlier is not fact:
            message = f"the source says the same in {earlier.id!r}"
            yield _warn(fact.place, message, "write it once, with both places in at: [p1, p3]")


def _shared_names(
    kind: str, words: Mapping[str, Subject] | Mapping[str, Destination]
) -> Iterator[Problem]:
    names: dict[str, list[str]] = {}
    for name, word in words.items():
        for each in dict.fromkeys(map(str.casefold, (name, word.name, *word.aliases))):
            names.setdefault(each, []).append(name)
    for shared, bearers in names.items():
        # regions, each as its counter draws it, may share a name: it asks for all of them
        if len(bearers) > 1 and (kind == "subject" or any(len(each) == 2 for each in bearers)):
            message = f"{shared!r} means the {kind}s {', '.join(bearers)}"
            yield _warn(None, message, "a look-up by it must name one of them")


def _partitions(record: Record) -> Iterator[Problem]:
    words = record.vocabulary
    for partition in words.partitions:
        for part in partition.parts:
            if not words.lies_in(part, partition.whole):
                message = f"the scope {part!r} is a part of {partition.whole!r} only by partition"
                yield _warn(None, message, f"add part_of: [{partition.whole}] to it")
