"""From the facts of one series and period to its figure, or to figures that exclude each other.

Deprecated facts stay out, preferred ones win, one origin counts once. Facts stand in one order:
the most precise first, then those of the better kind of page, the earlier, by id. Growth comes
from whatever fact of that origin states it, since pages that repeat a figure seldom repeat its
growth. What remains is intersected. If nothing is left of the intersection, a newer release of the
series' own publisher replaces the older; else the disputed values stand side by side.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import attrgetter

from evcli.model.figure import Figure, Missing, Stated
from evcli.model.note import Note, NoteKind, without_repeats
from evcli.model.period import UNDATED, Period, parse_period
from evcli.model.quantity import Bounds, Quantity, intersect_all, narrowed
from evcli.model.records import SOURCE_KINDS, Event, Fact, Measure, PlantFact, Rank, Series, Status
from evcli.tuples import NamedTuple

NOTHING_STATED = Missing("no source states it")
NOTHING_LEADS_THERE = Missing(f"{NOTHING_STATED.text}, and nothing stated leads there")
ONLY_PLANNED = Missing("only a plan or target is stated: not computed with")
NO_VALUE = "no value is stated"
_LOOSENESS = attrgetter("quantity.bounds.looseness")
_NOBODYS = Quantity(None, Bounds())  # where no source's own value will do


def resolve(
    series: Series, period: Period, facts: Iterable[Fact], *, include_deprecated: bool = False
) -> tuple[Figure, ...]:
    """All figures for *series* and *period*: usually one, several where sources exclude each other.

    Forecasts never mix with observations: they follow as figures of their own, and so do
    deprecated facts when asked for.
    """
    wrong, observed, planned = list[Fact](), list[Fact](), list[Fact]()
    for fact in facts:
        usual = planned if fact.status is Status.FORECAST else observed
        (wrong if fact.rank is Rank.DEPRECATED else usual).append(fact)
    plans = _preferred(planned)
    figures = _resolve_group(series, period, _preferred(observed))
    for fact in _one_per_origin(plans):
        id_ = None if not figures and len(planned) == 1 else fact.id
        figures.append(_figure(series, period, (fact,), _repeats(plans, (fact,)), id_=id_))
    if include_deprecated:
        figures += [_figure(series, period, (fact,), id_=fact.id) for fact in wrong]
    return tuple(figures)


def operand(series: Series, period: Period, figures: Sequence[Figure]) -> Figure:
    """The one figure arithmetic works with: no forecast, of disputed values the range, or none."""
    observed = [figure for figure in figures if figure.is_observed]
    if not observed:
        planned = any(figure.is_plan for figure in figures)
        return missing(series, period, ONLY_PLANNED if planned else NOTHING_STATED)
    if len(observed) == 1:
        return observed[0]
    bounds = reduce(Bounds.hull, (figure.bounds for figure in observed))
    facts = tuple(fact for figure in observed for fact in figure.facts())
    sources = tuple(dict.fromkeys(fact.source for fact in facts))
    text = f"disputed by {', '.join(sources)}: computed from the range of all of them"
    figure = Figure(figure_id(series, period), series, period, None, bounds, Stated(facts))
    note = Note(NoteKind.DISPUTE, text, sources)
    return figure._replace(unit=series.unit, notes=(note,), disputed=True)


def missing(series: Series, period: Period, why: Missing) -> Figure:
    """A figure of which nothing is known, and why."""
    notes = (Note(NoteKind.MISSING, why.text, why.refs),)
    id_ = figure_id(series, period)
    return Figure(id_, series, period, unit=series.unit, notes=notes, missing=why)


def released(fact: Fact | PlantFact) -> Period:
    """When the source of a fact came out, a span to compare by :meth:`Period.precedes`."""
    return parse_period(fact.published or UNDATED)


def figure_id(series: Series, period: Period) -> str:
    """``SERIES@PERIOD``."""
    return f"{series.id}@{period}"


def _resolve_group(series: Series, period: Period, facts: list[Fact]) -> list[Figure]:
    if len(facts) < 2:  # nearly all windows
        return [_alone(series, period, fact) for fact in facts]
    chosen = _one_per_origin(facts)
    valued = [fact for fact in chosen if fact.quantity is not None]
    repeats = tuple(fact for fact in facts if fact not in chosen)
    if len(valued) < 2 or intersect_all(fact.bounds for fact in valued) is not None:
        return [_figure(series, period, tuple(chosen), repeats)]
    if restated := _restated(valued):
        agreeing, revised = restated
        rest = tuple(fact for fact in chosen if fact.quantity is None)
        return [_figure(series, period, (*agreeing, *rest), repeats, revised=revised)]
    figures = []
    for cluster in _clusters(valued):
        against = tuple(dict.fromkeys(fact.source for fact in valued if fact not in cluster))
        dispute = Note(NoteKind.DISPUTE, f"disputed by {', '.join(against)}", against)
        repeats, id_ = _repeats(facts, cluster), cluster[0].id
        figures.append(_figure(series, period, tuple(cluster), repeats, id_=id_, dispute=dispute))
    return figures


def _alone(series: Series, period: Period, fact: Fact) -> Figure:
    """What :func:`_figure` gives for one fact, quicker where it states a level and nothing else."""
    more = (fact.yoy, fact.mom, fact.change, fact.reading or fact.reason or fact.note or None)
    if fact.quantity is None or more != (None, None, None, None):
        return _figure(series, period, (fact,))
    number, bounds, qualifier, _ = fact.quantity
    level = (number, bounds, Stated((fact,)), series.unit, qualifier)
    rank, status = fact.rank.value, fact.status.value
    return Figure(figure_id(series, period), series, period, *level, rank=rank, status=status)


def _preferred(facts: Sequence[Fact]) -> list[Fact]:
    best = [fact for fact in facts if fact.rank is Rank.PREFERRED]
    return best or list(facts)


def _one_per_origin(facts: Sequence[Fact]) -> list[Fact]:
    """One origin counts once; facts that state only a change stand beside the valued one."""
    chosen: dict[tuple[str, bool], Fact] = {}
    for fact in sorted(facts, key=_most_precise_first):
        chosen.setdefault((fact.origin, fact.quantity is None), fact)
    return [
        fact
        for (origin, change_only), fact in chosen.items()
        if not change_only or (origin, False) not in chosen or fact.change is not None
    ]


def _repeats(facts: Sequence[Fact], chosen: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts that repeat, from the same origins, what the *chosen* ones state."""
    origins = {fact.origin for fact in chosen}
    return tuple(fact for fact in facts if fact not in chosen and fact.origin in origins)


def _most_precise_first(fact: Fact) -> tuple[bool, bool, Fraction, int, str, str]:
    of_page = (SOURCE_KINDS.index(fact.kind or "press"), fact.published or "9999", fact.id)
    return (fact.quantity is None, *fact.bounds.looseness, *of_page)


def _restated(facts: list[Fact]) -> tuple[tuple[Fact, ...], tuple[Fact, ...]] | None:
    """The newest own release with all that agree, and the older ones it replaced."""
    own = [fact for fact in facts if fact.own and fact.published]
    if not own:
        return None
    newest = max(own, key=lambda fact: released(fact).sort_key)
    agreeing = tuple(fact for fact in facts if fact.bounds.intersect(newest.bounds) is not None)
    if intersect_all(fact.bounds for fact in agreeing) is None:
        return None
    others = tuple(fact for fact in facts if fact not in agreeing)
    older = [fact for fact in own if fact in others and released(fact).precedes(released(newest))]
    explained = all(f in older or any(f.bounds.intersect(o.bounds) for o in older) for f in others)
    return (agreeing, others) if explained else None


def _clusters(facts: list[Fact]) -> list[list[Fact]]:
    """The facts in groups that agree, each put with the first that it agrees with.

    However precise or many, those of weak pages come last: they part no others that agree.
    """
    clusters: list[list[Fact]] = []
    for fact in sorted(facts, key=lambda each: (each.is_weak, _most_precise_first(each))):
        agreed = (e for e in clusters if intersect_all(f.bounds for f in [*e, fact]) is not None)
        if cluster := next(agreed, None):
            cluster.append(fact)
        else:
            clusters.append([fact])
    return clusters


def _figure(
    series: Series,
    period: Period,
    facts: tuple[Fact, ...],
    repeats: tuple[Fact, ...] = (),
    *,
    revised: tuple[Fact, ...] = (),
    id_: str | None = None,
    dispute: Note | None = None,
) -> Figure:
    valued = [(fact, fact.quantity) for fact in facts if fact.quantity is not None]
    agreed = intersect_all(quantity.bounds for _, quantity in valued) or Bounds()
    inside = (each for each in valued if each[1].value is None or agreed.contains(each[1].value))
    lead, quantity = next(inside, (facts[0], _NOBODYS))
    agreeing = (*facts, *(fact for fact in repeats if fact.bounds.intersect(agreed) is not None))
    yoy, yoy_notes = _agreed_change([*filter(None, map(_year_change, agreeing))], "growth")
    months = [StatedChange(e.mom_stated, e.mom, e.source) for e in agreeing if e.mom is not None]
    mom, mom_notes = _agreed_change(months, "growth on the month before")
    notes = [dispute] if dispute else []
    if mom is not None:
        notes.append(Note(NoteKind.CHANGE, f"{mom.stated} on the month before", (mom.source,)))
    notes += [*mom_notes, *(note for fact in facts for note in _notes_of(fact))]
    if valued and quantity is _NOBODYS:
        text = "no published value lies in the range that all sources share"
        notes.append(Note(NoteKind.CAUTION, text))
    before = ((f"revised: {fact.stated} in {fact.source} before", fact.id) for fact in revised)
    notes += [*(Note(NoteKind.REVISION, text, (id,)) for text, id in before), *yoy_notes]
    known = agreed != Bounds() or quantity.value is not None
    # what is stated in place of a level comes first among the notes
    why = None if known else Missing(notes[0].text if notes else NO_VALUE)
    level = (quantity.value, agreed, Stated(agreeing, revised), series.unit, quantity.qualifier)
    growth = (yoy.quantity, "stated") if yoy else (None, "")
    how = (lead.rank.value, lead.status.value, without_repeats(notes), dispute is not None, why)
    said = (*level, *growth, *how)
    return Figure(id_ or figure_id(series, period), series, period, *said)


class StatedChange(NamedTuple):
    """A growth as one source wrote it, and what it means."""

    stated: str
    quantity: Quantity
    source: str


def _agreed_change(
    changes: list[StatedChange], what: str
) -> tuple[StatedChange | None, tuple[Note, ...]]:
    """What changes say together of a growth: the narrowest, within what all of them allow."""
    if len(changes) < 2:
        return (changes[0] if changes else None), ()
    changes.sort(key=_LOOSENESS)
    agreed = intersect_all(change.quantity.bounds for change in changes)
    if agreed is None:
        sources = tuple(dict.fromkeys(change.source for change in changes))
        told = f"{what} disputed: {stated_in_words(changes)}"
        return changes[0], (Note(NoteKind.DISPUTE, told, sources),)
    meant = narrowed(agreed, [change.quantity for change in changes])
    return changes[0]._replace(quantity=meant), ()


def stated_in_words(changes: Iterable[StatedChange]) -> str:
    """Each as it is written, once, with all its sources."""
    sources: dict[str, dict[str, None]] = {}
    for each in changes:
        sources.setdefault(each.stated, {})[each.source] = None
    return ", ".join(f"{stated} ({', '.join(of)})" for stated, of in sources.items())


def growths_stated(figure: Figure) -> list[StatedChange]:
    """The growths on the year before that facts of the figure's own window state, narrowest first.

    Of a sum of other windows that is what the facts beside it state.
    """
    own = [fact for fact in figure.facts() if fact.period == figure.period]
    return sorted(filter(None, map(_year_change, own)), key=_LOOSENESS)


def _year_change(fact: Fact) -> StatedChange | None:
    """The stated growth on the year before, written as ``yoy`` or as a change over P1Y."""
    if fact.yoy is not None:
        return StatedChange(fact.yoy_stated, fact.yoy, fact.source)
    if fact.change is not None and fact.change.over in ("P1Y", "P12M"):
        return StatedChange(fact.change.stated, fact.change.quantity, fact.source)
    return None


def _notes_of(fact: Fact) -> Iterator[Note]:
    refs = (fact.id,)
    if fact.reading:
        yield Note(NoteKind.WORDING, f"read as: {fact.reading}", refs)
    if fact.change is not None:
        text = f"{fact.change.stated} over {fact.change.over} ({fact.source})"
        yield Note(NoteKind.CHANGE, text, refs)
    yield from remarks_on(fact)


def remarks_on(fact: Fact | PlantFact | Event | Measure) -> Iterator[Note]:
    """What the curators say of a fact: why it has its rank, and their note."""
    if fact.reason:
        kind = NoteKind.CAUTION if fact.rank is Rank.DEPRECATED else NoteKind.REMARK
        yield Note(kind, fact.reason, (fact.id,))
    if fact.note:
        yield Note(NoteKind.REMARK, fact.note, (fact.id,))
