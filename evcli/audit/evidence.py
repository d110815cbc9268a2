"""The facts under audit: who states what, how much it weighs, and what the audit finds."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Self

from evcli.grouping import grouped, tied
from evcli.inference.family import Constraint, Family, fact_of, families
from evcli.model.period import Period
from evcli.model.records import Fact, Rank, Record, Series, Source, Status
from evcli.model.vocabulary import Vocabulary
from evcli.tuples import NamedTuple


class Verdict(StrEnum):
    """What kind of finding it is, the gravest first."""

    CONTRADICTION = "contradiction"  # same facet, cannot all hold, no restatement explains it
    REVISION = "revision"  # a release of the same publisher restated the past
    UNTESTED = "untested"  # holding it together takes more steps of the solver than were allowed
    IMPLAUSIBLE = "implausible"  # possible, but at an odd pace; or a target that is past
    UNPROVEN = "unproven"  # an ordering or first time that the bounds do not prove


class Finding(NamedTuple):
    """One finding.

    ``facts`` are statements: the id of a fact, with ``:yoy``, ``:mom`` or ``:change`` behind it
    where it is the change that counts; or the id of a claim. ``set_aside`` are alternatives, each
    a statement or several joined by ``+``. ``large`` says that a revision is above the tolerance,
    ``deprecated`` that a deprecated fact takes part, whose reason explains it.
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
    deprecated: bool = False

    @classmethod
    def of_facts(
        cls, verdict: Verdict, facts: Sequence[Fact], message: str, size: Fraction | None = None
    ) -> Self:
        """A finding about *facts*: their series, windows in order of time, ids and sources."""
        windows = sorted({fact.period for fact in facts}, key=lambda each: each.sort_key)
        return cls(
            verdict,
            tuple(dict.fromkeys(fact.series for fact in facts)),
            tuple(map(str, windows)),
            tuple(fact.id for fact in facts),
            tuple(dict.fromkeys(fact.source for fact in facts)),
            message,
            size=size,
        )

    @property
    def fails(self) -> bool:
        """Whether it has to be acknowledged, or a budget to be raised."""
        grave = self.verdict in (Verdict.CONTRADICTION, Verdict.UNTESTED)
        return (grave or self.large) and not self.deprecated

    @property
    def names(self) -> frozenset[str]:
        """The ids of the facts and claims that take part."""
        return frozenset(map(fact_of, self.facts))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the audit may look up."""

    facts: Mapping[str, Fact]
    series: Mapping[str, Series]
    sources: Mapping[str, Source]
    words: Vocabulary
    # statement -> statements of other facts that say the same
    echoes: dict[str, dict[str, None]] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record, *, include_deprecated: bool = False) -> Self:
        """Facts that are only planned, or deprecated and not asked for, stay out."""
        kept = {
            fact.id: fact
            for fact in record.facts
            if fact.status is not Status.FORECAST
            and (include_deprecated or fact.rank is not Rank.DEPRECATED)
        }
        return cls(kept, record.series, record.sources, record.vocabulary)

    def families(self, facts: Iterable[Fact] | None = None) -> list[Family]:
        """Families in which growth binds its base as others state it and no two say the same."""
        among = self.facts.values() if facts is None else facts
        found = families(among, self.series, self.words, bind_bases=True, audited=True)
        for family in found:
            for statement, same in family.repeats.items():
                self.echoes.setdefault(statement, {}).update(dict.fromkeys(same))
        return found

    def facts_behind(self, statement: str) -> tuple[Fact, ...]:
        """Every fact that makes a statement, the one that it is named after first."""
        ids = (statement, *self.echoes.get(statement, ()))
        return tuple(self.facts[fact_of(each)] for each in ids if fact_of(each) in self.facts)

    def sources_of(self, statements: Iterable[str]) -> tuple[str, ...]:
        """The sources that make these statements, each once."""
        return tuple(
            dict.fromkeys(fact.source for each in statements for fact in self.facts_behind(each))
        )

    def weight(self, statement: str) -> Fraction:
        """How much a statement weighs: its independent origins, two more if who counted published
        it, half of that if it is deprecated or qualified.
        """
        behind = self.facts_behind(statement)
        whole = Fraction(len({fact.origin for fact in behind}))
        if any(map(self.is_from_publisher, behind)):
            whole += 2
        weak = all(
            fact.rank is Rank.DEPRECATED or (fact.quantity is not None and fact.quantity.qualifier)
            for fact in behind
        )
        return whole / 2 if weak else whole

    def weights(self, statements: Collection[str]) -> dict[str, Fraction]:
        """The weight of each of *statements*: as much as the heaviest of them of its fact."""
        of_fact = grouped(statements, fact_of).values()
        heaviest = [(same, max(map(self.weight, same))) for same in of_fact]
        return {each: weight for same, weight in heaviest for each in same}

    def is_from_publisher(self, fact: Fact) -> bool:
        """Whether who counted also published it, here or where it was first stated."""
        if fact.own:
            return True
        origin, series = self.sources.get(fact.origin), self.series[fact.series]
        return origin is not None and origin.publisher == series.publisher != ""


def parts(family: Family, beside: Set[str] | None = None) -> Iterator[Family]:
    """The parts of a family that have no month or day in common, so that each stands alone: of
    2024, 2025-05 and 2024-02 the first and the last together, and the one between.

    With statements to stand *beside* only those parts in which one of these has a say.
    """
    for members in tied(family.constraints, lambda each: _touched(each, family.flows)):
        if beside is None or any(each.statement in beside for each in members):
            yield replace(family, constraints=tuple(members))


def _touched(constraint: Constraint, flows: Collection[str]) -> Iterator[int | Period]:
    """The months that a constraint speaks of, or the periods that stand by themselves."""
    for cell in constraint.cells:
        span = cell.period.month_span
        if cell.series in flows and span is not None:
            yield from range(*span)
        else:
            yield cell.period
