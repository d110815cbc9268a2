"""Facts as they are written: what a source says, before anything is resolved or computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.model.period import Period
from evcli.model.records import Fact, Rank, Series
from evcli.query.selection import Wanted
from evcli.store.reader import Store

FACT_COLUMNS: tuple[Column, ...] = (
    *(Column(name) for name in ("id", "series", "period", "stated", "yoy", "mom", "source")),
    Column("at", Kind.LIST),
    *(Column(name) for name in ("rank", "reason", "status", "note", "file")),
    Column("line", Kind.NUMBER),
)
_FACT_VIEWS = (
    HumanColumn("period", View.TEXT, ("period",)),
    HumanColumn("stated", View.TEXT, ("stated",)),
    HumanColumn("yoy", View.TEXT, ("yoy",), optional=1),
    HumanColumn("mom", View.TEXT, ("mom",), optional=2),
    HumanColumn("source", View.TEXT, ("source",)),
    HumanColumn("at", View.LIST, ("at",)),
    HumanColumn("where", View.TEXT, ("where",), optional=3),
    HumanColumn("note", View.NOTES, ("note", "status", "rank", "reason")),
)
_MANY_VIEWS = (HumanColumn("series", View.TEXT, ("series",)), *_FACT_VIEWS)


def facts_answer(
    store: Store,
    series: Sequence[Series],
    wanted: Wanted,
    *,
    published_by: str | None = None,
    include_deprecated: bool = False,
    file_name: Callable[[str], str] = str,
) -> Answer:
    """The facts of *series*, series by series and oldest first.

    *file_name* turns the name of a fact's file in the store into the one to print.
    """
    chosen = [each for each in series if wanted.where.admits(each)]
    order = {each.id: at for at, each in enumerate(chosen)}
    facts = chosen_facts(store, chosen, wanted, published_by=published_by)
    hidden = 0
    if not include_deprecated:
        hidden = sum(fact.rank is Rank.DEPRECATED for fact in facts)
        facts = [fact for fact in facts if fact.rank is not Rank.DEPRECATED]
    facts.sort(key=lambda fact: (order[fact.series], fact.period.sort_key))
    notes: tuple[str, ...] = ()
    if hidden:
        verb = "fact is" if hidden == 1 else "facts are"
        notes = (f"{hidden} deprecated {verb} not shown (--include-deprecated)",)
    one = len(chosen) == 1
    return Answer(
        FACT_COLUMNS,
        [fact_row(fact, file_name) for fact in facts],
        _FACT_VIEWS if one else _MANY_VIEWS,
        notes=notes,
        hint=_hint(chosen),
        group_by="" if one else "series",
        title=f"{chosen[0].title} ({chosen[0].unit})" if one else "",
    )


def chosen_facts(
    store: Store, series: Sequence[Series], wanted: Wanted, *, published_by: str | None = None
) -> list[Fact]:
    """The facts of *series* that are asked for, deprecated ones too, in file order."""
    chosen = [each.id for each in series if wanted.where.admits(each)]
    facts = [
        fact
        for fact in store.facts(chosen, published_by=published_by)
        if not wanted.where.sources or fact.source in wanted.where.sources
    ]
    return _of_the_periods(facts, wanted)


def _of_the_periods(facts: Sequence[Fact], wanted: Wanted) -> list[Fact]:
    periods: dict[str, set[Period]] = {}
    for fact in facts:
        periods.setdefault(fact.series, set()).add(fact.period)
    picked = {
        series: set(wanted.when.pick(sorted(each, key=lambda period: period.sort_key)))
        for series, each in periods.items()
    }
    return [fact for fact in facts if fact.period in picked[fact.series]]


def fact_row(fact: Fact, file_name: Callable[[str], str] = str) -> dict[str, Value]:
    """One fact as a row; numbers stay the words of the source."""
    file = file_name(fact.place.file) if fact.place else ""
    line = fact.place.line if fact.place else None
    return {
        "id": fact.id,
        "series": fact.series,
        "period": str(fact.period),
        "stated": fact.stated,
        "yoy": fact.yoy_stated,
        "mom": fact.mom_stated,
        "source": fact.source,
        "at": fact.at,
        "rank": fact.rank.value,
        "reason": fact.reason,
        "status": fact.status.value,
        "note": "; ".join(text.rstrip(". ") for text in _notes(fact)),
        "file": file,
        "line": line,
        "where": f"{file.rpartition('/')[2]}:{line}" if file else "",
    }


def _notes(fact: Fact) -> Iterable[str]:
    if fact.printed:
        yield f"printed as: {fact.printed}"
    if fact.reading:
        yield f"read as: {fact.reading}"
    if fact.change is not None:
        yield f"{fact.change.stated} over {fact.change.over}"
    if fact.origin != fact.source:
        yield f"first stated in {fact.origin}"
    if fact.note:
        yield fact.note


def _hint(series: Sequence[Series]) -> str:
    if not series:
        return "no series matches; evcli find WORDS searches everything"
    return "no fact matches; leave --period, --year or --source out to see all"
