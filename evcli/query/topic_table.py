"""The topic commands: one entry each, with all that a command, its help and its answer need.

The command line reads the table before anything is asked, so it imports little.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from evcli.model import ABROAD, WORLD
from evcli.query.selection import BY

HOME = "home"  # among the places of a topic: the country of the subject itself


class Topic(NamedTuple):
    """One topic command: what it is called, what its help says and what it shows.

    ``summary`` is its line in the overview, ``description`` its own help, ``subjects_help`` the
    help of its arguments; ``refuses`` are the options it cannot honour, ``by`` the ways in which
    it breaks down.

    ``first`` are the metrics shown as long as nobody and no place is named, of the ``scopes``
    given (all if empty) and to the ``places`` given (any if empty); ``then`` those shown besides
    of a maker or place that is named; ``more`` those that only ``--metric`` shows. ``subjects``
    empty means every subject. ``apart`` are the fields whose changes set rows apart; ``newest``
    leaves out what has not been counted for a year.
    """

    name: str
    summary: str
    description: str
    examples: tuple[str, ...]
    first: tuple[str, ...]
    then: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    apart: tuple[str, ...] = ("period",)
    newest: bool = False
    refuses: tuple[str, ...] = ("bars", "chart")
    by: tuple[str, ...] = tuple(BY)

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that the topic can be asked for, in reading order."""
        return (*self.first, *self.then, *self.more)


_TOPICS = (
    Topic(
        "exports",
        summary="Vehicles exported from China",
        description=(
            "Exports from China to the world, or those of a maker; one row per series.\n\n"
            "The year asked for, else the longest period from January, else the newest within it. "
            "Other scopes, destinations and metrics are shown when asked for."
        ),
        examples=(
            "evcli exports --year 2025",
            "evcli exports --period 2025-05 --scope nev",
            "evcli exports horgos --format csv",
            "evcli exports --year 2025 --by destination",
            "evcli exports --year 2025 --spark",
        ),
        first=("exports",),
        more=("export-value", "export-price", "export-share", "export-change", "kd-exports"),
        subjects=("CN",),
        scopes=("all", "nev", "bev", "phev", "passenger", "commercial"),
        places=(WORLD,),
        newest=True,
    ),
    Topic(
        "sales",
        summary="What makers sold overseas",
        description=(
            "What makers sold overseas by their own count, one row per series.\n\n"
            "Registrations and market shares are shown for a maker or place that is named. The "
            "year asked for, else the longest period from January, else the newest within it."
        ),
        examples=(
            "evcli sales --year 2025",
            "evcli sales chery",
            "evcli sales 奇瑞 --format csv",
            "evcli sales --destination GB --year 2025",
            "evcli sales --year 2025 --sort -value",
        ),
        first=("overseas-sales",),
        then=("deliveries", "sales", "registrations", "sales-share", "market-share"),
        places=(WORLD,),
        apart=("metric", "period"),
        newest=True,
    ),
    Topic(
        "investment",
        summary="Investment abroad and at home",
        description=(
            "Investment of the Chinese EV supply chain, abroad and at home; then other measures."
            "\n\n"
            "The year asked for, else the longest period from January, else the newest within it. "
            "Measures that are defined differently are set apart."
        ),
        examples=(
            "evcli investment --year 2024",
            "evcli investment --destination HU",
            "evcli investment --metric outbound-fdi --by destination --format csv",
        ),
        first=("investment", "investment-share", "outbound-fdi", "pledged-investment"),
        then=("outbound-fdi-share",),
        more=("outbound-fdi-average", "outbound-deals", "pledged-projects"),
        places=(WORLD, ABROAD, HOME),
        apart=("family", "publisher", "method", "unit"),
    ),
    Topic(
        "network",
        summary="Stores, markets, battery swap stations",
        description=(
            "Stores, markets, battery swap stations, local teams: the newest count of each.\n\n"
            "Plans and targets have the status forecast."
        ),
        examples=("evcli network", "evcli network nio", "evcli network --by subject --format csv"),
        first=("stores", "markets", "swap-stations", "local-teams"),
        apart=("metric",),
    ),
)
TOPICS: Mapping[str, Topic] = MappingProxyType({topic.name: topic for topic in _TOPICS})
