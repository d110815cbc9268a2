"""What a proof of the solver has to come to."""

from __future__ import annotations

from collections.abc import Sequence

from evcli.lp.simplex import Multiplier, combine


def proves_infeasible(proof: Sequence[Multiplier]) -> bool:
    """Whether the rows add up to ``0 <= something negative`` (Farkas), checked in fractions."""
    form, limit = combine(proof)
    return not form and limit < 0
