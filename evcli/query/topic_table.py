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
    empty means every subject. ``group`` is the field whose values are groups of rows;
    ``newest`` leaves out what has not been counted for a year.
    ``titles`` are for nobody named, somebody, a place and both (see ``titles.topic_title``);
    ``caution`` is what must not be mixed, of ``{groups}``; ``methods`` are always named.
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
    group: str = "metric"
    titles: tuple[str, str, str, str] = ("", "", "", "")
    caution: str = ""
    newest: bool = False
    methods: tuple[str, ...] = ()
    plants: bool = False
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
            "Exports from China to the world, or those of a maker, to a place, through a port.\n\n"
            "Groups are counters, which count differently. Without a year: the last full year and "
            "the newest months; of a maker or place all years."
        ),
        examples=(
            "evcli exports 2025",
            "evcli exports nev mexico 2025",
            "evcli exports horgos --format csv",
            "evcli exports 2025 by destination",
            "evcli exports 2025 --spark",
        ),
        first=("exports",),
        more=("export-value", "export-price", "export-share", "export-change", "kd-exports"),
        subjects=("CN",),
        scopes=("all", "nev", "bev", "phev", "passenger", "commercial"),
        places=(WORLD,),
        group="publisher",
        titles=(
            "{whose} {what}",
            "{whose} {what}",
            "{what} from {who} to {where}",
            "{whose} {what} to {where}",
        ),
        caution="{groups} count differently; do not mix: evcli help definitions",
        newest=True,
    ),
    Topic(
        "sales",
        summary="What makers sold overseas",
        description=(
            "What makers sold overseas by their own count, the largest first.\n\n"
            "Of a maker or place that is named also registrations and market shares. Without a "
            "year: the last full year and the newest months."
        ),
        examples=(
            "evcli sales 2025",
            "evcli sales byd europe 2025",
            "evcli sales 奇瑞 --format csv",
            "evcli sales uk 2025",
            "evcli sales 2025 --sort -value",
        ),
        first=("overseas-sales",),
        then=("deliveries", "sales", "registrations", "sales-share", "market-share"),
        places=(WORLD,),
        titles=(
            "Vehicles sold abroad by Chinese makers",
            "{who} abroad",
            "Chinese makers in {where}",
            "{who} in {where}",
        ),
        caution="makers and registers count different things; do not add them",
        newest=True,
    ),
    Topic(
        "investment",
        summary="Investment abroad and at home",
        description=(
            "Investment of the Chinese EV supply chain, abroad and at home; then other measures."
            "\n\n"
            "Groups are publishers: each has its own definition. What was invested in a plant is "
            "shown by evcli plants."
        ),
        examples=(
            "evcli investment 2024",
            "evcli investment catl hungary",
            "evcli investment --metric outbound-fdi --by destination --format csv",
        ),
        first=("investment", "investment-share", "outbound-fdi", "pledged-investment"),
        then=("outbound-fdi-share",),
        more=("outbound-fdi-average", "outbound-deals", "pledged-projects"),
        places=(WORLD, ABROAD, HOME),
        group="publisher",
        titles=(
            "Chinese investment abroad and at home",
            "{whose} investment",
            "Chinese investment in {where}",
            "{whose} investment in {where}",
        ),
        caution="each publisher has its own definition; do not add or compare across them",
        methods=("announced", "completed"),
        plants=True,
    ),
    Topic(
        "network",
        summary="Stores, markets, battery swap stations",
        description=(
            "Stores, markets, battery swap stations, local teams: the newest count of each.\n\n"
            "Plans and targets stand behind them with --plans."
        ),
        examples=("evcli network", "evcli network nio --plans", "evcli network byd --format csv"),
        first=("stores", "markets", "swap-stations", "local-teams"),
        titles=(
            "Stores, markets and battery swap stations",
            "{whose} stores, markets and stations",
            "Stores, markets and stations in {where}",
            "{whose} stores, markets and stations in {where}",
        ),
    ),
)
TOPICS: Mapping[str, Topic] = MappingProxyType({topic.name: topic for topic in _TOPICS})
