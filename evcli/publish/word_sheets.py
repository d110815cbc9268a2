"""The vocabulary as tables: who, what, which part, where to, in what unit, how and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from evcli.model.answer import Row
from evcli.model.unit import UnitKind
from evcli.model.vocabulary import MetricKind, SubjectKind, Vocabulary
from evcli.publish.sheet import Field, Sheet, Type

_ID = Field("id", "The name that other tables use.", required=True)
_NAME = Field("name", "What people call it.", required=True)
_ALIASES = Field("aliases", "Other names, Chinese ones among them.", Type.TEXTS)
_DEFINITION = Field("definition", "What it means.")


def _kinds(kinds: Iterable[str]) -> Field:
    return Field("kind", "What kind of thing it is.", choices=tuple(map(str, kinds)))


SUBJECTS = Sheet(
    "subjects",
    "Who is counted: countries, makers, brands, ports.",
    (
        _ID,
        _NAME,
        _kinds(SubjectKind),
        _ALIASES,
        Field("part_of", "The groups it belongs to.", Type.IDS),
    ),
    ("id",),
)
METRICS = Sheet(
    "metrics",
    "What is counted. Only flows add up over time.",
    (_ID, _NAME, _kinds(MetricKind), _DEFINITION, _ALIASES),
    ("id",),
)
SCOPES = Sheet(
    "scopes",
    "Which part of the whole is counted.",
    (_ID, _NAME, Field("part_of", "The scopes that hold it.", Type.IDS), _DEFINITION, _ALIASES),
    ("id",),
)
PARTITIONS = Sheet(
    "partitions",
    "Scopes that make up another without overlap: only these add up.",
    (
        Field("whole", "The scope they make up.", required=True, refers_to="scopes"),
        Field("parts", "The scopes that make it up.", Type.IDS, required=True),
    ),
    ("whole", "parts"),
)
DESTINATIONS = Sheet(
    "destinations",
    "Where to: countries (ISO 3166 alpha-2) and named regions.",
    (
        _ID,
        _NAME,
        Field("members", "What a region is made of.", Type.IDS),
        Field("as_of", "When the region was made of these."),
        _ALIASES,
    ),
    ("id",),
)
UNITS = Sheet(
    "units",
    "Units of measure; currencies by their ISO 4217 codes.",
    (_ID, _NAME, _kinds(UnitKind), Field("words", "What texts write for it.", Type.TEXTS)),
    ("id",),
)
METHODS = Sheet("methods", "How something is counted.", (_ID, _NAME, _DEFINITION), ("id",))
PUBLISHERS = Sheet(
    "publishers",
    "Who counted.",
    (
        _ID,
        _NAME,
        Field("kind", "maker: its own count, which no one else makes."),
        Field("precision", "How finely it publishes counts.", Type.NUMBER),
        _ALIASES,
    ),
    ("id",),
)

_PLAIN = (SUBJECTS, METRICS, SCOPES, DESTINATIONS, UNITS, METHODS, PUBLISHERS)


def word_sheets(words: Vocabulary) -> Iterator[Sheet]:
    """Every table of the vocabulary with its rows, in the order in which they build on another."""
    for sheet in _PLAIN:
        yield sheet.with_rows(_row(sheet, word) for word in getattr(words, sheet.name).values())
        if sheet is SCOPES:
            yield PARTITIONS.with_rows(_row(PARTITIONS, each) for each in words.partitions)


def _row(sheet: Sheet, item: Any) -> Row:
    return {field.name: getattr(item, field.name) for field in sheet.fields}
