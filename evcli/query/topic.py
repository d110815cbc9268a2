"""What each topic command is about: which series a reader expects who names none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from evcli.model.records import Series
from evcli.model.vocabulary import ABROAD, WORLD, SubjectKind, Vocabulary
from evcli.query.figures import FigureSource
from evcli.query.selection import UNNAMED, Wanted

_HOME = "home"


class Topic(NamedTuple):
    """What a topic command asks for when nothing else is said.

    ``first`` are the metrics shown as long as nobody and no place is named, of the ``scopes``
    given (all if empty) and to the ``places`` given (any if empty; "home" is the subject's own
    country); ``then`` those shown besides of a maker or place that is named; ``more`` those that
    only ``--metric`` shows. ``subjects`` empty means every subject. ``apart`` are the fields whose
    changes set rows apart; ``newest`` leaves out what has not been counted for a year.
    """

    name: str
    first: tuple[str, ...]
    then: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    apart: tuple[str, ...] = ("period",)
    newest: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that the topic can be asked for, in reading order."""
        return (*self.first, *self.then, *self.more)


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        topic.name: topic
        for topic in (
            Topic(
                "exports",
                ("exports",),
                more=(
                    "export-value",
                    "export-price",
                    "export-share",
                    "export-change",
                    "kd-exports",
                ),
                subjects=("CN",),
                scopes=("all", "nev", "bev", "phev", "passenger", "commercial"),
                places=(WORLD,),
                newest=True,
            ),
            Topic(
                "sales",
                ("overseas-sales",),
                ("deliveries", "sales", "registrations", "sales-share", "market-share"),
                places=(WORLD,),
                apart=("metric", "period"),
                newest=True,
            ),
            Topic(
                "investment",
                ("investment", "investment-share", "outbound-fdi", "pledged-investment"),
                ("outbound-fdi-share",),
                ("outbound-fdi-average", "outbound-deals", "pledged-projects"),
                places=(WORLD, ABROAD, _HOME),
                apart=("family", "publisher", "method", "unit"),
            ),
            Topic(
                "network",
                ("stores", "markets", "swap-stations", "local-teams"),
                apart=("metric",),
            ),
        )
    }
)


def topic_series(source: FigureSource, topic: Topic, wanted: Wanted) -> list[Series]:
    """Every series of the topic that the filters admit, whether or not a reader expects it."""
    store, where = source.store, wanted.where
    subjects: Iterable[str] = where.subjects
    if subjects:
        subjects = _with_members(where.subjects, source.words)
    elif wanted.by != "subject" and not where.sources:
        subjects = topic.subjects
    known = [metric for metric in topic.metrics if metric in source.words.metrics]
    metrics = [metric for metric in known if not where.metrics or metric in where.metrics]
    if not metrics:
        return []
    selected = store.select_series(
        metrics=metrics,
        subjects=tuple(subjects) or None,
        scopes=where.scopes or None,
        destinations=where.destinations or None,
        publishers=where.publishers or None,
    )
    if wanted.by == "destination" and not where.destinations:
        selected = [series for series in selected if series.destination != WORLD]
    return selected


def narrowed(
    topic: Topic, series: Sequence[Series], wanted: Wanted, *, every_count: bool = False
) -> list[Series]:
    """Those of *series* that a reader expects who did not ask for the others by name.

    Who names a maker, a place or a source wants all that is known of it; *every_count* keeps all
    scopes and counters.
    """
    where = wanted.where
    named = names_something(topic, wanted)
    shown = topic.metrics if where.metrics else (*topic.first, *(topic.then if named else ()))
    chosen = [each for each in series if each.metric in shown]
    if named:
        return chosen
    if topic.places and wanted.by != "destination":
        chosen = [
            each
            for each in chosen
            if each.destination in topic.places
            or (_HOME in topic.places and each.destination == each.subject)
        ] or chosen
    if every_count:
        return chosen
    if topic.scopes and not where.scopes and wanted.by != "scope":
        chosen = [each for each in chosen if each.scope in topic.scopes] or chosen
    if not where.publishers and wanted.by != "publisher":
        chosen = [each for each in chosen if each.publisher != UNNAMED] or chosen
    return chosen


def names_something(topic: Topic, wanted: Wanted) -> bool:
    """Whether the question names a place, a source, or somebody the topic is not about anyway."""
    where = wanted.where
    return bool(where.destinations or where.sources or set(where.subjects) - set(topic.subjects))


def _with_members(subjects: Sequence[str], words: Vocabulary) -> tuple[str, ...]:
    """Makers and groups stand with their brands; a country stands for itself alone."""
    result = list(subjects)
    for subject in subjects:
        known = words.subjects.get(subject)
        if known is None or known.kind is SubjectKind.COUNTRY:
            continue
        result += [each for each in words.subjects if words.belongs_to(each, subject)]
    return tuple(dict.fromkeys(result))
