"""Answers of the inference engine as the store keeps them."""

from typing import NamedTuple

from evcli.model.figure import Missing
from evcli.model.note import Note
from evcli.model.period import Period
from evcli.model.quantity import Quantity


class Solved(NamedTuple):
    """What the engine answers for a series and period, to be kept; without a level why nothing.

    ``follows`` says whether a derivation leads there; ``inputs`` are the windows that it rests on.
    """

    series: str
    period: Period
    follows: bool
    level: Quantity | None
    growth: Quantity | None
    expression: str
    statements: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    missing: Missing | None
