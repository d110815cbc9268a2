"""What the audit finds, one record a finding."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from evcli.inference import fact_of


class Verdict(StrEnum):
    """What kind of finding it is, the gravest first."""

    CONTRADICTION = "contradiction"  # same facet, cannot all hold, no restatement explains it
    REVISION = "revision"  # a release of the same publisher restated the past
    IMPLAUSIBLE = "implausible"  # possible, but at an odd pace; or a target that is past
    UNPROVEN = "unproven"  # an ordering or first time that the bounds do not prove
    DEFINITION = "definition"  # different facets that people compare
    ROUNDING = "rounding"  # a gap no larger than the rounding of the facts together


class Finding(NamedTuple):
    """One finding.

    ``facts`` are statements: the id of a fact, with ``:yoy``, ``:mom`` or ``:change`` behind it
    where it is the change that counts; or the id of a claim. ``set_aside`` are alternatives, each
    a statement or several joined by ``+``. ``large`` says that a revision is above the tolerance.
    """

    verdict: Verdict
    series: tuple[str, ...]
    periods: tuple[str, ...]
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    message: str
    set_aside: tuple[str, ...] = ()
    size: Fraction | None = None
    large: bool = False

    @property
    def fails(self) -> bool:
        """Whether it has to be acknowledged."""
        return self.verdict is Verdict.CONTRADICTION or (
            self.verdict is Verdict.REVISION and self.large
        )

    @property
    def names(self) -> frozenset[str]:
        """The ids of the facts and claims that take part."""
        return frozenset(map(fact_of, self.facts))


def joined(statements: frozenset[str] | set[str]) -> str:
    """Statements that go together, as one alternative.

    >>> joined({"b", "a"})
    'a+b'
    """
    return "+".join(sorted(statements))


ORDER = {verdict: at for at, verdict in enumerate(Verdict)}
