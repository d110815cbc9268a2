"""Everything that packs loaded together hold, checked and ready to compile."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

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


class Record(NamedTuple):
    """Vocabulary, series and all that is said of them; facts in the order of the files."""

    vocabulary: Vocabulary = Vocabulary()
    sources: Mapping[str, Source] = MappingProxyType({})
    series: Mapping[str, Series] = MappingProxyType({})
    facts: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = ()
    measures: tuple[Measure, ...] = ()
    plants: tuple[Plant, ...] = ()
    claims: tuple[Claim, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
