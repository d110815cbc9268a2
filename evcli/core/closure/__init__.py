"""What the facts of a family of series say together: tight bounds, ways there, conflicts.

Facts are linear constraints over unknown true values. :mod:`.reading` turns facts into assertions
and sorts them into families, :mod:`.system` into rows over unknowns, :mod:`.simplex` solves these
exactly, :mod:`.bounds` derives figures, :mod:`.ways` finds the formulas that people can follow
and :mod:`.conflicts` what cannot hold together.
"""

from evcli.core.closure.bounds import (
    Answer,
    Bounded,
    Derived,
    Disputed,
    Infeasible,
    Negative,
    bounds_of,
    tight_bounds,
)
from evcli.core.closure.conflicts import Aside, Conflict, conflicts, set_aside, smallest_conflict
from evcli.core.closure.history import Answers, around, by_fewest_releases
from evcli.core.closure.reading import Bases, families
from evcli.core.closure.rows import Kind, fact_of, proves_infeasible, statement_id
from evcli.core.closure.settle import Settled, settle
from evcli.core.closure.system import Assertion, Family, Window
from evcli.core.closure.target import Target
from evcli.core.closure.ways import Way, Ways, find_ways

__all__ = [
    "Answer",
    "Answers",
    "Aside",
    "Assertion",
    "Bases",
    "Bounded",
    "Conflict",
    "Derived",
    "Disputed",
    "Family",
    "Infeasible",
    "Kind",
    "Negative",
    "Settled",
    "Target",
    "Way",
    "Ways",
    "Window",
    "around",
    "bounds_of",
    "by_fewest_releases",
    "conflicts",
    "fact_of",
    "families",
    "find_ways",
    "proves_infeasible",
    "set_aside",
    "settle",
    "smallest_conflict",
    "statement_id",
    "tight_bounds",
]
