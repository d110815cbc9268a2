"""A report before it is set as a page: what was asked, what came back, and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from evcli.model.answer import Answer
from evcli.model.picture import Picture


class Wish(NamedTuple):
    """A part of a report as its file asks for it: a heading and one evcli command."""

    heading: str
    arguments: tuple[str, ...]
    text: str = ""
    chart: bool = False


class Outline(NamedTuple):
    """What a report file asks for; ``figures`` are ids as ``explain`` takes them."""

    title: str
    lead: str = ""
    figures: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()


class KeyFigure(NamedTuple):
    """One figure in a sentence, with the ids of its sources and the command behind it.

    ``bounds`` says what the wording allows, where the sentence does not.
    """

    sentence: str
    command: str
    sources: tuple[str, ...] = ()
    bounds: str = ""


class Part(NamedTuple):
    """What one command answered; ``notes`` are what it said beside its rows."""

    heading: str
    command: str
    answer: Answer
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


class Publication(NamedTuple):
    """A whole report, ready to be set.

    ``references`` gives for every source that something rests on the line of the list of
    sources, in the order of their letters; ``addresses`` its page. ``definitions`` explains by
    name what is counted and how. ``record`` names the state of the record.
    """

    title: str
    lead: str = ""
    figures: tuple[KeyFigure, ...] = ()
    parts: tuple[Part, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    findings: Part | None = None
    references: Mapping[str, str] = MappingProxyType({})
    addresses: Mapping[str, str] = MappingProxyType({})
    record: str = ""
