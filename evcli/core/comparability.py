"""What must be equal before figures may be computed with: the guard.

The guard either lets a computation pass, with warnings, or refuses it and names every field
that differs. ``accept`` waives fields by name; the waiver is returned as a note.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from operator import attrgetter

from evcli.errors import NotComparable, check_one_of
from evcli.grouping import grouped
from evcli.model import WORLD
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import OWN_COUNT, MetricKind, Vocabulary, name_in, short_in
from evcli.text.lists import listed
from evcli.tuples import NamedTuple

_OF_SERIES = ("subject", "metric", "scope", "destination", "unit")
FIELDS = (*_OF_SERIES, "window", "publisher", "method", "period")
# what each of them follows from
_TOLD_BY = {name: attrgetter(f"series.{name}") for name in FIELDS} | {
    "window": attrgetter("series.metric", "period"),
    "period": attrgetter("period"),
}
_SUMMED = ("period", "scope", "destination", "subject")
_SHARED = {  # and whether one lies in another
    "scope": Vocabulary.lies_in,
    "destination": Vocabulary.reaches,
    "subject": Vocabulary.belongs_to,
}
_ALIKE = ("subject", "metric", "destination", "unit", "publisher")  # a part and its whole
OWN_COUNTS = "each maker decides what it counts"


class Operand(NamedTuple):
    """A series at a period, as the guard sees it."""

    series: Series
    period: Period


def window_name(series: Series, period: Period, words: Vocabulary) -> str:
    """The window kind of a figure; stocks are counted at an instant, whatever date they carry.

    Windows of unequal length are unequal kinds: five months from January are not eleven.
    """
    window = period.window
    if words.is_stock(series.metric) and window is not Window.UNDATED:
        return Window.INSTANT.value
    if window in (Window.YEAR_TO_DATE, Window.MONTHS, Window.YEARS):
        return f"{window.value} of {period.months} months"
    if window is Window.DAYS and period.start is not None and period.end is not None:
        return f"{(period.end - period.start).days} days"
    return window.value


def differing(these: Sequence[Operand | Figure], words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The fields in which operands or figures differ, each with the values met, in order."""
    met: dict[str, tuple[str, ...]] = {}
    for name, told_by in _TOLD_BY.items():
        unlike = {told_by(each): each for each in these}  # few, of thousands
        told: Iterable[str] = map(str, unlike)
        if name == "window":
            told = (window_name(each.series, each.period, words) for each in unlike.values())
        elif name == "publisher":
            told = (OWN_COUNT if words.is_own_count(each) else each for each in unlike)
        met[name] = tuple(dict.fromkeys(told))
    return {name: values for name, values in met.items() if len(values) > 1}


def guard_growth(
    new: Operand, base: Operand, words: Vocabulary, accept: Collection[str] = ()
) -> tuple[Note, ...]:
    """Growth: everything but the period must be equal."""
    unlike = differing((new, base), words)
    unlike.pop("period", None)
    return _decide("growth", unlike, accept, (new, base), words)


def guard_total(
    parts: Sequence[Operand], words: Vocabulary, accept: Collection[str] = (), what: str = "total"
) -> tuple[Note, ...]:
    """Total and difference: equal but for the one dimension summed, in which nothing overlaps."""
    unlike = differing(parts, words)
    if "period" in unlike and unlike.keys() <= {"period", "window"}:
        unlike.pop("window", None)  # unequal windows may be summed as long as they do not overlap
    dimensions = [name for name in _SUMMED if name in unlike]
    if len(dimensions) == 1:
        dimension = dimensions[0]
        reason = _overlap(dimension, parts, words, what)
        if not reason:
            unlike.pop(dimension)
        elif not unlike.keys() - {dimension} and dimension not in accept:
            raise _refusal(what, reason, dimension)
    elif not unlike and len(parts) > 1:
        twice = f"no {what}: the same figure is named twice"
        raise NotComparable(twice, ("period",), "name different figures")
    return _decide(what, unlike, accept, parts, words)


def adds_up(parts: Sequence[Operand], words: Vocabulary) -> bool:
    """Whether the guard lets *parts* be added up, so that each has a share in the sum."""
    if any(_has_no_parts(each, words) for each in parts):
        return False
    with suppress(NotComparable):
        guard_total(parts, words)
        return True
    return False


def _has_no_parts(operand: Operand, words: Vocabulary) -> str:
    """What has no shares: balances, in which parts make up for others, and what never adds up."""
    metric = words.metrics[operand.series.metric]
    none = metric.kind is MetricKind.BALANCE or not metric.kind.adds_up
    return f"{metric.name} is a {metric.kind.value}" if none else ""


def guard_share(
    part: Operand, whole: Operand, words: Vocabulary, accept: Collection[str] = ()
) -> tuple[Note, ...]:
    """Share: equal but for one of scope, destination, subject, and the part lies in the whole."""
    if "metric" not in accept and (reason := _has_no_parts(whole, words)):
        raise _refusal("share", f"{reason}, which has no parts", "metric")
    unlike = differing((part, whole), words)
    dimensions = [name for name in _SHARED if name in unlike]
    if len(dimensions) == 1:
        dimension = dimensions[0]
        first, second = unlike[dimension]
        if _SHARED[dimension](words, first, second):
            unlike.pop(dimension)
        elif len(unlike) == 1 and dimension not in accept:
            raise _refusal("share", f"{dimension} {first} does not lie in {second}", dimension)
    return _decide("share", unlike, accept, (part, whole), words)


def guard_ratio(
    first: Operand, second: Operand, words: Vocabulary, accept: Collection[str] = ()
) -> tuple[Note, ...]:
    """Ratio: unit and window kind equal; one other dimension may differ."""
    unlike = differing((first, second), words)
    free = unlike.keys() - {"unit", "window"}
    if len(free) == 1:
        unlike.pop(*free)
    return _decide("ratio", unlike, accept, (first, second), words)


def own_count_warning(operands: Sequence[Operand | Figure], words: Vocabulary) -> tuple[str, ...]:
    """A warning where several makers' own counts stand side by side."""
    publishers = {operand.series.publisher for operand in operands}
    return (OWN_COUNTS,) if sum(map(words.is_own_count, publishers)) > 1 else ()


def caution(figures: Sequence[Figure], words: Vocabulary) -> tuple[str, ...]:
    """What must not be mixed of figures that stand side by side, a phrase each."""
    counters = dict.fromkeys(each.series.publisher for each in figures)
    names = [words.publisher_name(each) for each in counters if not words.is_own_count(each)]
    methods = dict.fromkeys(each.series.method for each in figures if len(counters) == 1)
    ways = [name_in(words.methods, each).lower() for each in methods]
    pairs = ((_scope(one, words), _scope(two, words)) for one, two in excesses(figures, words))
    return (
        *own_count_warning(figures, words),
        *([f"{listed(names)} count different things"] if len(names) > 1 else []),
        *([f"do not mix {listed(ways)}"] if len(ways) > 1 else []),
        *(f"{part} above {whole}: definitions differ" for part, whole in pairs),
    )


def excesses(figures: Sequence[Figure], words: Vocabulary) -> Iterator[tuple[Figure, Figure]]:
    """Each part that must be larger than its whole, with that whole, as one counter has them."""
    # what was computed is none of its series' own
    own = (each for each in figures if each.id.startswith(f"{each.series.id}@"))
    alike = attrgetter("period", *(f"series.{name}" for name in _ALIKE))
    for group in grouped(own, alike).values():
        for part, whole in itertools.permutations(group, 2):
            one, other = part.series.scope, whole.series.scope
            if one != other and part.bounds.exceeds(whole.bounds):
                kind = words.metrics[part.series.metric].kind
                inside = other == "all" or words.lies_in(one, other)
                if inside and kind in (MetricKind.FLOW, MetricKind.STOCK):
                    yield part, whole


def with_excess(figures: Sequence[Figure], words: Vocabulary) -> list[Figure]:
    """The figures, both marked with a note where a part is larger than its whole."""
    notes: dict[str, list[Note]] = {}
    for part, whole in excesses(figures, words):
        for one, how, other in ((part, "more", whole), (whole, "less", part)):
            text = f"{how} than {_scope(other, words)} of the same counter: definitions differ"
            notes.setdefault(one.id, []).append(Note(NoteKind.EXCESS, text, (other.id,)))
    found = [(each, tuple(notes.get(each.id, ()))) for each in figures]
    return [f._replace(notes=f.notes + n, conflict=f.conflict or bool(n)) for f, n in found]


def _scope(figure: Figure, words: Vocabulary) -> str:
    return short_in(words.scopes, figure.series.scope)


def check_accept(names: Collection[str]) -> tuple[str, ...]:
    """The fields to waive; UsageError for a name that is no field."""
    for name in names:
        check_one_of("field to accept", name, FIELDS)
    return tuple(names)


def _decide(
    what: str,
    unlike: dict[str, tuple[str, ...]],
    accept: Collection[str],
    operands: Sequence[Operand],
    words: Vocabulary,
) -> tuple[Note, ...]:
    # another counter counts in its own way: whoever accepts the publisher accepts the method
    waived_names = {*accept, "method"} if "publisher" in accept else set(accept)
    values = {name: f"({' / '.join(met)})" for name, met in unlike.items()}
    if refused := [name for name in unlike if name not in waived_names]:
        fields = "; ".join(f"{name} {values[name]}" for name in refused)
        raise _refusal(what, f"the figures differ in {fields}", *refused, accept=unlike)
    waived = (f"accepted: {name} differs {met}" for name, met in values.items())
    return (
        *(Note(NoteKind.CAUTION, text) for text in waived),
        *(Note(NoteKind.DEFINITION, text) for text in own_count_warning(operands, words)),
    )


def _refusal(what: str, reason: str, *fields: str, accept: Iterable[str] = ()) -> NotComparable:
    waive = [*(accept or fields)]
    if "publisher" in waive:
        waive = [name for name in waive if name != "method"]
    hint = f"to compute it all the same, add --accept {','.join(waive)}"
    return NotComparable(f"no {what}: {reason}", fields, hint)


def _overlap(dimension: str, parts: Sequence[Operand], words: Vocabulary, what: str) -> str:
    """Why the parts must not be summed along *dimension*; empty where they may."""
    if dimension == "scope":
        scopes = [part.series.scope for part in parts]
        if what == "difference" and words.lies_in(scopes[-1], scopes[0]):
            return ""
        if not words.within_one_partition(frozenset(scopes)):
            return f"scopes {' and '.join(sorted(set(scopes)))} are not parts of one partition"
        return "" if len(set(scopes)) == len(parts) else "a scope is named twice"
    metric = words.metrics[parts[0].series.metric]
    if dimension == "period" and not metric.kind.is_over_time:
        return f"{metric.name} is a {metric.kind.value}: it does not add up over time"
    if what != "total":
        return ""
    if not metric.kind.adds_up:
        return f"{metric.name} is a {metric.kind.value}: it does not add up"
    if dimension == "period":
        in_order = sorted((part.period for part in parts), key=attrgetter("sort_key"))
        met = (pair for pair in itertools.pairwise(in_order) if pair[0].overlaps(pair[1]))
        return next((f"{one} and {other} overlap" for one, other in met), "")
    ids = [getattr(part.series, dimension) for part in parts]
    if dimension == "destination":
        wholes = [e for e in ids if e == WORLD or words.countries_in(e)]
        pair = _nested(ids, wholes, words.reaches)
        return f"destinations {' and '.join(pair)} overlap" if pair else ""
    groups = {group for each in ids for group in words.subject_and_groups(each)[1:]}
    pair = _nested(ids, [e for e in ids if e in groups], words.belongs_to)
    return f"{' and '.join(pair)} overlap: one belongs to the other" if pair else ""


def _nested(
    ids: Sequence[str], wholes: Collection[str], inside: Callable[[str, str], bool]
) -> tuple[str, ...]:
    """Two of *ids*, in their order, of which one lies in the other; few have anything in them."""
    for whole in wholes:
        at = ids.index(whole)
        for place, each in enumerate(ids):
            if place != at and inside(each, whole):
                return (each, whole) if place < at else (whole, each)
    return next(((each, each) for each, often in Counter(ids).items() if often > 1), ())
