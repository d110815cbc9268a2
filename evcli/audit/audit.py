"""The whole audit: families, unnamed publishers, claims, plausibility.

Families have nothing in common, so each can be audited by itself, in processes of their own.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain, groupby
from operator import attrgetter

from evcli.audit.claims import Claims
from evcli.audit.comparisons import odd_paces, past_targets
from evcli.audit.contradictions import Explainer, conflicts_of, contradiction
from evcli.audit.evidence import Evidence, Finding, Verdict, parts
from evcli.audit.revisions import ReleaseHistory, missed_base, releases
from evcli.errors import UsageError
from evcli.grouping import components, grouped, reached
from evcli.inference.family import Cell, Constraint, Family, fact_of, of_kind
from evcli.inference.system import FamilyProgram, can_hold
from evcli.lp.simplex import BUDGET, Budget, OverBudget
from evcli.model.answer import Answer, Value, layout_of
from evcli.model.claim import parse_claim
from evcli.model.period import today as this_day
from evcli.model.records import Acknowledgement, Claim, Fact, Rank, Record, Series, Source
from evcli.model.vocabulary import UNNAMED, MetricKind
from evcli.query.figures import Figures
from evcli.query.rows import citation
from evcli.query.selection import series_named
from evcli.text.lists import counted, first_few
from evcli.tuples import NamedTuple
from evcli.workers import spread

Progress = Callable[[int, int], None]  # how many are done, of how many
Tell = Callable[[int], None]  # how many statements of a family are done
LARGE = 2_000  # statements: of more only what is in conflict is gone through by releases
STEPS = 300_000  # pivots that what hangs together may take
# statements that hold together: by the newest releases, then as it was after older ones
Vintages = tuple[frozenset[str], ...]
_LITTLE = 400  # statements that are audited before another process would have begun


class AuditedFamily(NamedTuple):
    """What was found in one family, and what stands."""

    findings: tuple[Finding, ...]
    vintages: Vintages


class _FamilyAudit:
    """Every contradiction and revision of one family, part by part and release by release."""

    def __init__(self, evidence: Evidence, tolerance: Fraction, budget: int, tell: Tell) -> None:
        self._evidence = evidence
        self._tolerance = tolerance
        self._budget = budget
        self._tell = tell
        self._done = 0  # statements
        self._findings: list[Finding] = []
        self._set_aside: set[str] = set()

    def of(self, family: Family, *, together: bool = False) -> AuditedFamily:
        """What is found in *family*; *together* goes through all releases, however many."""
        newest: set[str] = set()
        older: list[frozenset[str]] = []
        for part in parts(family):
            vintages: Vintages = (frozenset(part.statements),)
            budget = BUDGET.set(Budget(self._budget))
            try:
                if len(part.constraints) > LARGE and not together:
                    vintages = self._of_large(part)
                elif len(part.constraints) > 1 and not can_hold(part):
                    vintages = self._of_part(part)
            except OverBudget:
                self._untested(part, "not held together")
            finally:
                BUDGET.reset(budget)
            newest |= vintages[0] - self._set_aside
            older += vintages[1:]
            self._done += len(part.constraints)
            self._tell(self._done)
        return AuditedFamily(tuple(self._findings), (frozenset(newest), *older))

    def _untested(self, part: Family, how: str) -> None:
        stated = tuple(sorted({each.cell.series for each in part.constraints}))
        more = f"together takes more than {self._budget:,} steps: --budget allows more"
        message = f"{first_few(stated)}: {how}; {more}"
        self._findings.append(Finding(Verdict.UNTESTED, stated, (), (), (), message))

    def _of_part(self, part: Family) -> Vintages:
        """A part that cannot hold together: its releases in turn, then papers by themselves."""
        part = part.only(_in_one_reading(part, self._evidence))
        found = releases(part, self._evidence)
        if len(found) < 2:
            self._add_contradictions(part, part.statements)
            return (frozenset(part.statements),)
        history = ReleaseHistory(part, self._evidence, self._tolerance)
        for year, of_year in groupby(found, key=lambda each: each.newest.year):
            same = list(of_year)
            history.begin(year, frozenset().union(*(each.statements for each in same)))
            for release in same:
                left = release.statements - self._set_aside
                if not history.can_hold(left):
                    self._add_contradictions(part, left)
                self._findings += history.add(release, left - self._set_aside)
        self._set_aside |= history.unsound
        of_releases = frozenset().union(*(release.statements for release in found))
        alone = (each for each in part.statements if each not in of_releases)
        of_papers = grouped(alone, lambda each: self._evidence.facts_behind(each)[0].source)
        papers = [*map(set[str], of_papers.values())]
        # less what only repeats an older release
        kept = set[str]().union(*papers).difference(*history.outdated(papers))
        if kept:
            self._add_contradictions(part, history.current | kept)
        return (frozenset(history.current | kept), *reversed(history.earlier))

    def _of_large(self, part: Family) -> Vintages:
        """A part with so much in it that releases are gone through only for what is in conflict.

        Series that exclude each other are audited together, by themselves; what stands of them is
        held against all else again, which may tie more to them, until all that stays can hold.
        Where that takes too long each series stands alone in the end.
        """
        self._tell(self._done)
        program = FamilyProgram(part)
        BUDGET.set(None)  # what is found by then is worth telling in full
        every, stands = frozenset(part.statements), frozenset(part.statements)
        series = {each.statement: [cell.series for cell in each.cells] for each in part.constraints}
        ties: list[Sequence[str]] = []
        audits: dict[tuple[str, ...], AuditedFamily] = {}
        alone, conflicts = False, _parts_above(part)  # these first: people see them at once
        while True:
            try:
                conflicts = conflicts or program.disjoint_conflicts(stands - self._set_aside)
            except OverBudget:
                conflicts, alone = [frozenset([each]) for each in every], True
                self._untested(part, "each held against itself alone")
            if not conflicts:
                break
            ties += [[name for each in some for name in series[each]] for some in conflicts]
            tied = frozenset().union(*ties)
            groups = components([each for each in part.series if each in tied], ties)
            group_of = {name: at for at, group in enumerate(groups) for name in group}
            own: list[list[Constraint]] = [[] for _ in groups]
            for each in part.constraints:
                at, *others = {group_of.get(name, -1) for name in series[each.statement]}
                if at >= 0 and not others:
                    own[at].append(each)
            before, audits = audits, {}
            for at, group in enumerate(map(tuple, groups)):
                family = replace(part, constraints=tuple(own[at]))
                audit = _FamilyAudit(self._evidence, self._tolerance, self._budget, lambda _: None)
                audits[group] = before.get(group) or audit.of(family, together=True)
                if not before:
                    self._tell(self._done + len(part.constraints) * at // len(groups))
                stands = (stands - set(family.statements)) | audits[group].vintages[0]
            if audits == before:  # their releases hold year by year, but not all years together
                for some in conflicts:
                    self._add_contradictions(part, some)
                    self._set_aside.add(min(some))
            if alone:
                break
            conflicts = []
        self._findings += [each for audit in audits.values() for each in audit.findings]
        older = (each for audit in audits.values() for each in audit.vintages[1:])
        return (stands, *older)

    def _add_contradictions(self, part: Family, among: Collection[str]) -> None:
        explainer = Explainer(self._evidence, part)
        for conflict, ties in conflicts_of(part.only(set(among)), self._evidence):
            missed = missed_base(conflict, explainer, self._tolerance)
            self._findings.append(missed or contradiction(conflict, ties, explainer))
            self._set_aside |= ties[0]


def _parts_above(family: Family) -> list[frozenset[str]]:
    """Levels of a part and of its whole, in one window, that the part exceeds."""
    levels = {each.cell: each for each in family.constraints if each.base is None}
    of_series = grouped(levels.values(), lambda each: each.cell.series)
    return [
        frozenset([each.statement, whole.statement])
        for link in family.links
        for part in link.parts
        for each in of_series.get(part, ())
        if (whole := levels.get(Cell(link.whole, each.cell.period)))
        and each.bounds.exceeds(whole.bounds)
    ]


def _in_one_reading(part: Family, evidence: Evidence) -> frozenset[str]:
    """Where a sentence can be read in several ways, only the first of them."""
    facts = {each: evidence.facts[fact_of(each)] for each in part.statements}
    sentence = attrgetter("series", "source", "stated", "yoy_stated", "at")
    first = {sentence(fact): fact.reading for fact in reversed(facts.values()) if fact.reading}
    return frozenset(
        each
        for each, fact in facts.items()
        if not fact.reading or first[sentence(fact)] == fact.reading
    )


def _bearing_on(family: Family, wanted: Set[str]) -> Family:
    """Of a large family the series *wanted*, what they lie in and what lies in them."""
    if len(family.constraints) <= LARGE or wanted >= family.series.keys():
        return family
    asked = {name for each in wanted for name in (each, *family.shares.get(each, ()))}
    above, below = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for link in family.links:
        below[link.whole] += link.parts
        for part in link.parts:
            above[part].append(link.whole)
    own = asked & family.series.keys()
    near = {*reached(own, above.__getitem__), *reached(own, below.__getitem__)}
    beside_parts = (link for link in family.links if link.whole in near and len(link.parts) > 1)
    near.update(*(link.parts for link in beside_parts if not near.isdisjoint(link.parts)))
    return replace(
        family,
        series={name: each for name, each in family.series.items() if name in near},
        constraints=tuple(
            c for c in family.constraints if near >= {cell.series for cell in c.cells}
        ),
        links=tuple(link for link in family.links if near >= {link.whole, *link.parts}),
    )


def _audit_families(
    families: Sequence[Family],
    evidence: Evidence,
    tolerance: Fraction,
    budget: int,
    progress: Progress | None = None,
) -> list[AuditedFamily]:
    """Every family audited, in the order given; *progress* hears how many statements are."""
    sizes = [len(family.constraints) for family in families]
    found: dict[int, AuditedFamily] = {}
    step = max(1, sum(sizes) // 100)

    def tell(more: int) -> None:
        if progress is not None:
            done = sum(sizes[at] for at in found) + more
            progress(done if done == sum(sizes) else done // step * step, sum(sizes))

    def audited(at: int) -> AuditedFamily:
        speaks = tell if sizes[at] > LARGE else lambda _: None
        return _FamilyAudit(evidence, tolerance, budget, speaks).of(families[at])

    # large ones are not shared out: they tell how far they are, and the parent alone speaks
    largest_first = sorted(range(len(sizes)), key=lambda at: -sizes[at])
    shared = [at for at in largest_first if sizes[at] <= LARGE]
    if sum(sizes[at] for at in shared) < _LITTLE:
        shared = []
    alone = largest_first[: len(sizes) - len(shared)]
    for at, each in chain(((at, audited(at)) for at in alone), spread(audited, shared)):
        found[at] = each
        tell(0)
    return [found[at] for at in range(len(families))]


# what a text may mean that does not say what it counts
_MEANT = {"ev": ("ev", "nev", "bev")}


def _unnamed_publishers(
    evidence: Evidence, audited: Mapping[str, tuple[Family, Vintages]], wanted: Set[str]
) -> Iterator[Finding]:
    """What sources state without a named publisher and no named one allows, or at an odd pace."""
    unnamed = (
        fact
        for fact in evidence.facts.values()
        if evidence.series[fact.series].publisher == UNNAMED and not fact.period.is_undated
    )
    counts = grouped(
        unnamed,  # the year where a text can be read in several ways
        lambda fact: (fact.source, fact.series, fact.period.year if fact.reading else None),
    )
    kind = attrgetter("subject", "metric", "destination", "unit")
    for (source, id_, year), facts in counts.items():
        read = f"read as {year} and " if year is not None else ""
        own = evidence.series[id_]
        for series in evidence.series.values():
            known = audited.get(series.id)
            if known is None or series.publisher == UNNAMED or not wanted & {series.id, id_}:
                continue
            if kind(series) == kind(own) and series.scope in _MEANT.get(own.scope, (own.scope,)):
                name = evidence.words.publisher_name(series.publisher)
                prefix = f"{source} {read}counted by {name}: "
                for found in _against(facts, series, *known, evidence):
                    yield found._replace(message=f"{prefix}{found.message}")


def _against(
    facts: Sequence[Fact], series: Series, known: Family, vintages: Vintages, evidence: Evidence
) -> Iterator[Finding]:
    known_facts = set(map(fact_of, known.statements))
    own = [fact for fact in evidence.facts.values() if fact.id in known_facts]
    moved = [fact._replace(series=series.id, rank=Rank.NORMAL) for fact in facts]
    ids = {fact.id for fact in moved}
    clash = False
    for family in evidence.families([*own, *moved]):
        new = {each for each in family.statements if fact_of(each) in ids}
        besides = (parts(family.only(new | each), beside=new) for each in vintages)
        if new and not any(all(map(can_hold, each)) for each in besides):
            clash = True
            for part in parts(family.only(new | vintages[0]), beside=new):
                explainer = Explainer(evidence, part)
                for conflict, ties in conflicts_of(part, evidence):
                    yield contradiction(conflict, ties, explainer)
    if clash:
        return
    current = set(map(fact_of, vintages[0]))
    same = [fact for fact in own if fact.id in current and fact.series == series.id]
    for found in odd_paces([*same, *moved], series.unit):
        if ids & found.names and not found.names <= ids:
            yield found._replace(series=tuple(dict.fromkeys((facts[0].series, series.id))))


_NEAR = (
    "held together were the series asked for, what they lie in and what lies in them: "
    "{:,} of {:,} series that are tied to one another; without a selection all are"
)
TOLERANCE = Fraction(1)  # percent of the window
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%?")


def parse_tolerance(text: str, name: str = "tolerance") -> Fraction:
    """A percentage such as ``0.5`` or ``2 %``; UsageError, which names the option, for others.

    >>> parse_tolerance("0.5 %")
    Fraction(1, 2)
    """
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{name}: {text!r} is not a percentage", "write a number such as 0.5")
    return Fraction(match[1])


class Audit(NamedTuple):
    """The outcome: what was found, the gravest first, and how many claims are proved."""

    open: list[Finding]
    acknowledged: list[tuple[Finding, Acknowledgement]]
    stale: list[Acknowledgement]  # entries that explain nothing (any more)
    proved: tuple[str, ...]  # the ids of claims
    facts: int
    sources: Sequence[Source]
    apart: Sequence[str] = ()  # what was not held together, and why, in words

    @property
    def fails(self) -> bool:
        """Whether something has to be acknowledged, or was and is gone."""
        return bool(self.stale) or any(found.fails for found in self.open)


def record_of(source: Figures) -> Record:
    """All that is held together, of what *source* does not leave out."""
    store = source.store
    every = {each.id: each for each in store.match_series("*")}
    return Record(
        store.vocabulary,
        {each.id: each for each in store.sources()},
        every,
        tuple(source.facts(list(every))),
        claims=tuple(store.every(Claim)),
        acknowledged=tuple(store.every(Acknowledgement)),
    )


def audit_record(
    source: Figures,
    series: Sequence[str] = (),
    *,
    tolerance: Fraction = TOLERANCE,
    budget: int = STEPS,
    progress: Progress | None = None,
) -> Audit:
    """Audit the packs behind *source*, or only what concerns *series* (ids and globs).

    What *source* leaves out stays out: what was published later, and deprecated facts.
    UnknownName for a series that does not exist.
    """
    wanted = {each.id for each in series_named(source.store, series)} if series else None
    found = audit(
        record_of(source),
        today=this_day(),
        tolerance=tolerance,
        budget=budget,
        include_deprecated=source.include_deprecated,
        wanted=wanted,
        progress=progress,
    )
    # what an acknowledgement rests on may be left out
    return found if source.as_of is None else found._replace(stale=[])


def audit(
    record: Record,
    *,
    today: date,
    tolerance: Fraction = TOLERANCE,
    budget: int = STEPS,
    include_deprecated: bool = False,
    wanted: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Audit *record*, or only what concerns the series *wanted*.

    Deprecated facts add the findings in which they take part: they change nothing about others.
    *today* dates targets whose source has no date; *tolerance* is in percent of a window,
    *budget* in pivots of the solver for what hangs together: what takes more is listed, untested.
    """
    series = record.series
    only = frozenset(series if wanted is None else wanted)
    claims = [
        each
        for each in record.claims
        if any(term.series in only for term in parse_claim(each.says).terms)
    ]
    apart: dict[str, None] = {}

    def held_together(evidence: Evidence) -> tuple[list[Family], list[Finding]]:
        families = evidence.families()
        about: list[Family] = []
        for every in families:
            if not only.isdisjoint((*every.series, *every.shares)):
                about.append(_bearing_on(every, only))
                if about[-1] is not every:
                    apart[_NEAR.format(len(about[-1].series), len(every.series))] = None
        found: list[Finding] = []
        audited: dict[str, tuple[Family, Vintages]] = {}
        audits = _audit_families(about, evidence, tolerance, budget, progress)
        for family, each in zip(about, audits, strict=True):
            found += each.findings
            if all(one.verdict is not Verdict.UNTESTED for one in each.findings):
                audited |= dict.fromkeys(family.series, (family, each.vintages))
        return families, [*found, *_unnamed_publishers(evidence, audited, only)]

    evidence = Evidence.of(record)
    families, found = held_together(evidence)
    known = evidence.facts
    if include_deprecated:  # beside what the others show without them
        everything = Evidence.of(record, include_deprecated=True)
        known, sound = everything.facts, evidence.facts.keys()
        more = (each for each in held_together(everything)[1] if not each.names <= sound)
        found += [each._replace(deprecated=True) for each in more]
    kind = {id_: (each.subject, each.metric) for id_, each in series.items()}
    near = {kind[id_] for id_ in only}  # and what is like them
    facts = [each for each in evidence.facts.values() if kind[each.series] in near]
    flows = of_kind(series.values(), record.vocabulary, MetricKind.FLOW)
    for id_, own in grouped(facts, attrgetter("series")).items():
        if id_ in flows:
            found += odd_paces(own, series[id_].unit)
    found += past_targets(record.facts, series, today)
    proved: list[str] = []
    found += Claims(evidence, families).findings(claims, proved)
    about = (each for each in found if not only.isdisjoint(each.series))
    different = grouped(about, attrgetter("verdict", "facts", "message")).values()
    order = [*Verdict].index
    ordered = sorted(
        (first for first, *_ in different), key=lambda each: (order(each.verdict), not each.fails)
    )
    present = {claim.id for claim in claims} | {
        fact.id
        for fact in record.facts
        if fact.series in only and (include_deprecated or fact.rank is not Rank.DEPRECATED)
    }
    open_, explained, stale = review(ordered, record.acknowledged, present, known)
    if any(each.verdict is Verdict.UNTESTED for each in open_):
        stale = []  # what they explain may not have been looked at
    sources = tuple(record.sources.values())
    return Audit(open_, explained, stale, tuple(proved), len(known), sources, tuple(apart))


def review(
    findings: Iterable[Finding],
    entries: Sequence[Acknowledgement],
    present: Set[str],
    facts: Mapping[str, Fact],
) -> tuple[list[Finding], list[tuple[Finding, Acknowledgement]], list[Acknowledgement]]:
    """Findings still open, findings with the entry that explains them, and stale entries.

    An entry names a finding where the verdict is the same and every fact and claim of the finding
    is among those it lists, or says the same of the same window as one of them: which of the pages
    that print a figure is named first must not matter. A revision is named by two of its facts
    already, say the figure restated and one of the release: which others show it too depends on
    all that is known. An entry is stale unless the findings it names use up its list, and only
    where all its facts are *present*.
    """
    alike = _alike(entries, facts)
    open_: list[Finding] = []
    explained: list[tuple[Finding, Acknowledgement]] = []
    left = [set(entry.facts) for entry in entries]
    for found in findings:
        naming = [at for at, entry in enumerate(entries) if _names(entry, found, alike)]
        for at in naming:
            left[at] = {each for each in left[at] if found.names.isdisjoint(alike[each])}
        if naming:
            explained.append((found, entries[naming[0]]))
        else:
            open_.append(found)
    stale = [
        entry
        for entry, unused in zip(entries, left, strict=True)
        if unused and present >= set(entry.facts)
    ]
    return open_, explained, stale


def _names(entry: Acknowledgement, found: Finding, alike: Mapping[str, Set[str]]) -> bool:
    if entry.verdict != found.verdict:
        return False
    listed = [alike[each] for each in entry.facts]
    if found.names <= frozenset().union(*listed):
        return True
    several = found.verdict is Verdict.REVISION and len(set(entry.facts)) > 1
    return several and not any(map(found.names.isdisjoint, listed))


def _alike(entries: Iterable[Acknowledgement], facts: Mapping[str, Fact]) -> dict[str, set[str]]:
    """For all that *entries* list, itself and the facts that say the same of the same window."""
    windows = grouped(facts.values(), attrgetter("series", "period"))
    found = {each: {each} for entry in entries for each in entry.facts}
    for name, same in found.items():
        listed = facts.get(name)
        if listed is not None:
            rivals = windows[listed.series, listed.period]
            same.update(each.id for each in rivals if _agree(listed, each))
    return found


def _agree(one: Fact, other: Fact) -> bool:
    """Whether two facts state values that can be the same, and changes that can."""
    pairs = ((one.quantity, other.quantity), (one.yoy, other.yoy), (one.mom, other.mom))
    stated = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(stated) and all(a.bounds.intersect(b.bounds) is not None for a, b in stated)


def stale_message(entry: Acknowledgement) -> str:
    """What is wrong with a stale entry, and where it stands."""
    place = f"{entry.place.file}:{entry.place.line}: " if entry.place else ""
    what = f"the acknowledged {entry.verdict} of {', '.join(entry.facts)}"
    return f"{place}{what} does not occur (any more)"


_COLUMNS, _VIEWS = layout_of("finding")


def check_answer(found: Audit, *, acknowledged: bool = False) -> Answer:
    """The open findings as rows; with *acknowledged* those that are acknowledged, too.

    Beside the columns a row has ``fails``: whether it has yet to be acknowledged.
    """
    explained = found.acknowledged if acknowledged else []
    rows = [_row(each) for each in found.open]
    rows += [_row(each, f"; acknowledged: {entry.reason}") for each, entry in explained]
    shown = (*found.open, *(each for each, _ in explained))
    used = {source for each in shown for source in each.sources}
    notes = [f"{found.facts:,} facts held together, {counted(len(found.proved), 'claim')} proved"]
    hidden = len(found.acknowledged)
    if hidden and not acknowledged:
        notes.append(f"{counted(hidden, 'finding')} acknowledged (--acknowledged shows them)")
    return Answer(
        _COLUMNS,
        rows,
        _VIEWS,
        notes=tuple(notes),
        warnings=tuple(found.apart),
        footnotes=lambda: {each.id: citation(each) for each in found.sources if each.id in used},
    )


def _row(found: Finding, explained: str = "") -> dict[str, Value]:
    row: dict[str, Value] = {each.name: getattr(found, each.name) for each in _COLUMNS}
    first, *others = found.series  # a narrow column has room for two
    return row | {
        "verdict": found.verdict.value,
        "message": found.message + explained,
        "about": " and ".join([first, *(others if len(others) < 2 else [f"{len(others)} more"])]),
        "fails": found.fails and not explained,
    }
