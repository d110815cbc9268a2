"""Everything that packs loaded together hold, checked and ready to compile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evcli.model.fact import (
    Acknowledgement,
    Claim,
    Event,
    Fact,
    Measure,
    Plant,
    Series,
    Source,
)
from evcli.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Record:
    """Vocabulary, series and all that is said of them; facts in the order of the files."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    sources: Mapping[str, Source] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = ()
    measures: tuple[Measure, ...] = ()
    plants: tuple[Plant, ...] = ()
    claims: tuple[Claim, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
