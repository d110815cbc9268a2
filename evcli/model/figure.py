"""Figures: the answer for one series and period, and how it came about.

Lineage is a type. A figure is either stated, and then holds its facts, or derived, and then
holds a formula and the figures it was computed from, down to facts and sources.
"""

from collections.abc import Iterator
from fractions import Fraction

from evcli.model.note import Note
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Fact, Series
from evcli.tuples import NamedTuple

BY_INFERENCE = "derived"  # the formula name of a figure that follows from a whole family of facts
BY_PARTS = "parts"  # that of one which the windows it is made of add up to
BY_LATER = "later"  # that of one which a later release tells otherwise than it was printed
BY_BOTH = "both"  # that of a stated one which other facts tell more closely


class Stated(NamedTuple):
    """Lineage of a stated figure: the facts that agree, the narrowest first, and those set aside.

    ``revised`` are older releases of the same publisher that a newer one replaced. With
    ``of_growth`` the figure is the growth that the facts state, not their level.
    """

    facts: tuple[Fact, ...]
    revised: tuple[Fact, ...] = ()
    of_growth: bool = False


class Derived(NamedTuple):
    """Lineage of a derived figure: the formula by name and the figures it was applied to.

    ``expression`` is the formula in words where the name alone does not say it; ``statements``
    are what it is made of: ids of facts, with ``:yoy`` or ``:mom`` behind it for their growth.
    """

    formula: str
    inputs: "tuple[Figure, ...]"
    expression: str = ""
    statements: tuple[str, ...] = ()


Lineage = Stated | Derived


class Missing(NamedTuple):
    """Why nothing is known of a value; ``around`` is the smallest known window around it."""

    text: str
    refs: tuple[str, ...] = ()
    around: Period | None = None


def _short(number: Fraction | None) -> str:
    if number is None:
        return "?"
    return f"{int(number):,}" if number == int(number) else f"{float(number):,.6g}"


class Figure(NamedTuple):
    """A value with bounds for one series and period.

    ``value`` is None where the bounds lie further apart than a factor of two or nothing is known;
    ``missing`` says why nothing is. The ``qualifier`` says how the value is meant: the word of the
    source, or ``midpoint``. ``yoy`` is the closest growth in percent on the same window a year
    before, stated or computed, as ``yoy_basis`` says; with ``conflict`` the two exclude each other,
    and a note has both. ``now`` is what later releases imply of a level that they no longer print.
    """

    id: str
    series: Series
    period: Period
    value: Fraction | None = None
    bounds: Bounds = Bounds()
    lineage: Lineage = Stated(())
    unit: str = ""
    qualifier: str = ""
    yoy: Quantity | None = None
    yoy_basis: str = ""
    rank: str = "normal"
    status: str = "normal"
    notes: tuple[Note, ...] = ()
    disputed: bool = False
    missing: Missing | None = None
    conflict: bool = False
    now: Bounds = Bounds()

    def __repr__(self) -> str:
        value, low, high = map(_short, (self.value, *self.bounds))
        return f"<Figure {self.id}: {value} ({low} to {high}) {self.unit}, {self.basis}>"

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan or target."""
        return self.status == "forecast"

    @property
    def is_observed(self) -> bool:
        """Whether it is neither a plan nor known to be wrong."""
        return not self.is_plan and self.rank != "deprecated"

    @property
    def basis(self) -> str:
        """``stated``, ``derived``, or ``both``: stated, and narrowed by what other facts allow."""
        if isinstance(self.lineage, Stated):
            return "stated"
        return BY_BOTH if self.lineage.formula == BY_BOTH else "derived"

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of every source it rests on, first mentioned first."""
        return tuple(dict.fromkeys(fact.source for fact in self.facts()))

    @property
    def sourcing(self) -> str:
        """``own`` if all that it rests on is its counters' own word, ``weak`` if of something that
        it rests on nothing but pages of aggregators or unknown ones tell; else empty.

        One that other facts narrow within what is stated stands as that does.
        """
        of = self.lineage
        told = of.inputs[0] if isinstance(of, Derived) and of.formula == BY_BOTH else self
        stated = [leaf.lineage for leaf in told.leaves()]
        ends = [each.facts for each in stated if isinstance(each, Stated) and each.facts]
        if any(all(fact.is_weak for fact in facts) for facts in ends):
            return "weak"
        return "own" if ends and all(any(fact.own for fact in facts) for facts in ends) else ""

    def facts(self) -> Iterator[Fact]:
        """Every fact it rests on, each once, in order of mention."""
        lineages = (leaf.lineage for leaf in self.leaves())
        facts = (fact for each in lineages if isinstance(each, Stated) for fact in each.facts)
        first: dict[str, Fact] = {}
        return (fact for fact in facts if first.setdefault(fact.id, fact) is fact)

    def leaves(self) -> "Iterator[Figure]":
        """The distinct stated figures at the ends of its lineage, by id."""
        seen: set[str] = set()
        waiting: list[Figure] = [self]
        while waiting:
            current = waiting.pop(0)
            if isinstance(current.lineage, Derived):
                waiting[0:0] = current.lineage.inputs
            elif current.id not in seen:
                seen.add(current.id)
                yield current
