"""A report before it is set as a page: what its file asks for, the answers, and the sources."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from evcli.model.answer import Answer
from evcli.model.picture import Picture


class RequestedSection(NamedTuple):
    """A section as the report file asks for it: a heading and one evcli command.

    ``where`` is the place of the command in the file.
    """

    heading: str
    arguments: tuple[str, ...]
    where: str
    text: str = ""
    chart: bool = False


class ReportOutline(NamedTuple):
    """What a report file asks for; ``figures`` are ids as ``explain`` takes them, with places."""

    title: str
    lead: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    sections: tuple[RequestedSection, ...] = ()


class KeyFigure(NamedTuple):
    """One figure in a sentence, with the ids of its sources and the command behind it.

    ``bounds`` says what the wording allows, where the sentence does not.
    """

    sentence: str
    command: str
    sources: tuple[str, ...] = ()
    bounds: str = ""


class ReportSection(NamedTuple):
    """What one command answered."""

    heading: str
    command: str
    answer: Answer
    text: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def notes(self) -> list[str]:
        """Warnings and notes of the answer, each once."""
        return list(dict.fromkeys([*self.answer.warnings, *self.answer.notes]))


class Publication(NamedTuple):
    """A whole report, ready to be set.

    ``references`` is the list of sources, one line per source id in the order of their letters;
    ``addresses`` are their pages. ``definitions`` says by name what is counted and how. ``record``
    names the state of the record.
    """

    title: str
    lead: str = ""
    figures: tuple[KeyFigure, ...] = ()
    sections: tuple[ReportSection, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    findings: ReportSection | None = None
    references: Mapping[str, str] = MappingProxyType({})
    addresses: Mapping[str, str] = MappingProxyType({})
    record: str = ""
