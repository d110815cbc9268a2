"""What a fact, series, source and figure is; here what is needed before any record is read."""

from pathlib import Path

from evcli.tuples import NamedTuple

# places that are no entries of a vocabulary
WORLD = "world"
ABROAD = "abroad"
EVERYWHERE = (WORLD, ABROAD)  # of most figures, so that it is said of few
EVENT_KINDS = (
    "policy",  # an act of a government: a law, regulation or vote
    "investigation",  # a step of a trade investigation
    "market-entry",  # a maker begins to sell in a country
    "agreement",  # what two sides agree on
    "opening",  # a plant, office or store opens
    "product",  # what a plant turns out first
    "history",  # what else happened, near or long ago
)


class Pack(NamedTuple):
    """A directory of ``*.yaml`` files, or one file.

    With ``definitions_only`` (the built-in pack under ``--no-builtin``) only vocabulary and
    series definitions are taken from it: those that other packs use, unless it ``lends_all``.
    """

    path: Path
    builtin: bool = False
    definitions_only: bool = False
    lends_all: bool = False
