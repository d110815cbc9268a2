"""The topic commands: one entry each in ``topics.toml``, with what help and answer need."""

import tomllib
from pathlib import Path

from evcli.tuples import NamedTuple

HOME = "home"  # among the places of a topic: the country of the subject itself


class Topic(NamedTuple):
    """One topic command: what its help says and what it shows.

    ``first`` are the metrics shown as long as nobody and no place is named, of the ``scopes``
    given (all if empty) and to the ``places`` given (any if empty); ``then`` those shown besides
    of a maker or place that is named; ``more`` those that only ``--metric`` shows. ``subjects``
    empty means every subject. ``group`` is the field whose values are groups of rows;
    ``newest`` leaves out what has not been counted for a year; ``plants`` says that there are
    plants to see instead. ``titles`` are for nobody named, somebody, a place and both (see
    ``titles.topic_title``); ``caution`` is what must not be mixed, of ``{groups}``; ``methods``
    are always named.
    """

    name: str
    description: str
    first: tuple[str, ...]
    titles: tuple[str, str, str, str]
    then: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    group: str = "metric"
    caution: str = ""
    newest: bool = False
    methods: tuple[str, ...] = ()
    plants: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that the topic can be asked for, in reading order."""
        return (*self.first, *self.then, *self.more)


TOPICS: dict[str, Topic] = {}
_TOPICS = tomllib.loads((Path(__file__).parent / "topics.toml").read_text("utf-8"))
for _name, _entry in _TOPICS.items():
    _lists = {key: tuple(value) for key, value in _entry.items() if isinstance(value, list)}
    TOPICS[_name] = Topic(_name, **{**_entry, **_lists})
