"""What the facts of a family of series say together: tight bounds, ways there, conflicts.

Facts are linear constraints over unknown true values. :mod:`.reading` turns facts into assertions
and sorts them into families, :mod:`.system` into rows over unknowns, :mod:`.simplex` solves these
exactly, :mod:`.bounds` derives figures, :mod:`.ways` finds the formulas that people can follow
and :mod:`.conflicts` what cannot hold together.
"""

from evcli.inference.bounds import (
    Bounded,
    Disputed,
    Infeasible,
    Inference,
    Inferred,
    Negative,
    bounds_of,
    tight_bounds,
)
from evcli.inference.conflicts import Aside, Conflict, conflicts, set_aside, smallest_conflict
from evcli.inference.constraints import Bases, families
from evcli.inference.derivations import Derivation, Derivations, find_derivations
from evcli.inference.family import Assertion, Cell, Family
from evcli.inference.objective import Objective
from evcli.inference.usable_facts import UsableFacts, usable_facts
from evcli.inference.vintages import Inferences, around, by_fewest_releases
from evcli.lp.rows import ConstraintKind, fact_of, proves_infeasible, statement_id

__all__ = [
    "Aside",
    "Assertion",
    "Bases",
    "Bounded",
    "Cell",
    "Conflict",
    "ConstraintKind",
    "Derivation",
    "Derivations",
    "Disputed",
    "Family",
    "Infeasible",
    "Inference",
    "Inferences",
    "Inferred",
    "Negative",
    "Objective",
    "UsableFacts",
    "around",
    "bounds_of",
    "by_fewest_releases",
    "conflicts",
    "fact_of",
    "families",
    "find_derivations",
    "proves_infeasible",
    "set_aside",
    "smallest_conflict",
    "statement_id",
    "tight_bounds",
    "usable_facts",
]
