"""A number with the bounds its words allow."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from evcli.model.bounds import Bounds


class Quantity(NamedTuple):
    """A number as stated: its value (None for a bare range), bounds, qualifier and unit id."""

    value: Fraction | None
    bounds: Bounds
    qualifier: str = ""
    unit: str = ""
