"""Inference: what the facts of a family of series say together as one system of constraints.

Facts are linear constraints on unknown true values. :mod:`.constraints` turns facts into
constraints and sorts them into families (:mod:`.family`), :mod:`.system` makes rows over unknowns
of these, which :mod:`evcli.lp` solves exactly. :mod:`.bounds` infers figures, :mod:`.derivations`
finds the formulas that people can follow, :mod:`.vintages` decides between releases, and
:mod:`.conflicts` finds what cannot hold together.

A figure is *derived* by a formula from figures, and *inferred* by the system as a whole.
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
from evcli.inference.conflicts import (
    PROVED_UP_TO,
    Conflict,
    light_remainder,
    set_aside,
    smallest_conflict,
)
from evcli.inference.constraints import families, flows_among, usable_facts
from evcli.inference.derivations import Derivation, Derivations, find_derivations
from evcli.inference.family import (
    Cell,
    Constraint,
    ConstraintKind,
    Family,
    components,
    fact_of,
    statement_id,
)
from evcli.inference.objective import Objective
from evcli.inference.system import FamilyProgram, can_hold
from evcli.inference.vintages import Inferences

__all__ = [
    "PROVED_UP_TO",
    "Bounded",
    "Cell",
    "Conflict",
    "Constraint",
    "ConstraintKind",
    "Derivation",
    "Derivations",
    "Disputed",
    "Family",
    "FamilyProgram",
    "Infeasible",
    "Inference",
    "Inferences",
    "Inferred",
    "Negative",
    "Objective",
    "bounds_of",
    "can_hold",
    "components",
    "fact_of",
    "families",
    "find_derivations",
    "flows_among",
    "light_remainder",
    "set_aside",
    "smallest_conflict",
    "statement_id",
    "tight_bounds",
    "usable_facts",
]
