"""What is said beside facts: trade measures, claims to be checked, findings that are explained."""

from __future__ import annotations

import fnmatch

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.series import AllSeries
from evcli.loader.vocabulary import Words
from evcli.model.claim import RankClaim, parse_claim
from evcli.model.records import Acknowledgement, Claim, Measure
from evcli.model.unit import PERCENT

_LONGEST = 500


def read_measures(context: Context, words: Words) -> tuple[Measure, ...]:
    """The trade measures of all documents in the order of the files."""
    return tuple(
        _measure(name, entry, context, words)
        for name, entry, first in context.named("measures")
        if first
    )


def _measure(name: str, entry: Entry, context: Context, words: Words) -> Measure:
    values = context.values
    rate = values.rate(entry, "rate", PERCENT)
    if rate is not None:
        words.unit(rate.unit)
    measure = Measure(
        id=name, rate=rate, rate_unit=rate.unit if rate else "", **context.fields(entry, Measure)
    )
    start, until = measure.start, measure.until
    if start and until and start.start and until.start and start.start >= until.start:
        message = f"the measure ends ({values.name(until)}) before it begins ({values.name(start)})"
        entry.problem(message, "until is the first day on which it no longer holds", "until")
    for key, others in (("replaces", measure.replaces), ("excepts", measure.excepts)):
        if name and name in others:
            entry.problem(f"the measure {name!r} {key} itself", "", key)
    for other in measure.excepts:
        if other in measure.replaces:
            hint = "what is replaced ends; what is excepted from goes on for the rest"
            entry.problem(f"{other!r} is both replaced and excepted from", hint, "excepts")
    if measure.source and measure.source in measure.confirmed_by:
        message = f"{measure.source!r} confirms itself"
        entry.problem(message, "confirmed_by: names other sources", "confirmed_by")
    return measure


def read_claims(context: Context) -> tuple[Claim, ...]:
    """The claims of all documents in the order of the files."""
    claims = []
    for name, entry, _ in context.named("claims"):
        claim = Claim(id=name, **context.fields(entry, Claim))
        if claim.says:
            _check_claim(claim.says, entry, context)
        claims.append(claim)
    return tuple(claims)


def _check_claim(says: str, entry: Entry, context: Context) -> None:
    if len(says) > _LONGEST:
        entry.problem("the claim is too long", f"at most {_LONGEST} characters", "says")
        return
    try:
        claim = parse_claim(says)
    except ValueError as error:  # or a number of thousands of digits
        entry.problem(str(error), "", "says")
        return
    for name in dict.fromkeys(term.series for term in claim.terms):
        context.check("series", name, entry, "says")
    known, sure = context.known["series"], not (context.report.blind or context.report.maybe)
    if isinstance(claim, RankClaim) and sure and not fnmatch.filter(known, claim.among):
        entry.problem(f"no series matches {claim.among!r}", "* stands for any text", "says")


def read_acknowledged(context: Context, series: AllSeries) -> tuple[Acknowledgement, ...]:
    """The explained findings of all documents in the order of the files."""
    found = []
    known, report = context.known["fact"] | context.known["claim"], context.report
    for entry in context.entries("acknowledged"):
        if not entry.has("facts"):
            entry.lacks("facts")
        named = entry.scalars("facts", some=True)
        for fact in named:
            name = fact.text.strip()
            of = name.partition("@")[0]
            if name in known or of in series.unnumbered or report.may_exist(of):
                continue
            same_series = tuple(each for each in known if each.startswith(f"{of}@"))
            hint = report.near(name, same_series or known) or "an id is SERIES@PERIOD#SOURCE"
            entry.problem(f"no fact or claim named {name!r}", hint, fact)
        facts_named = tuple(each.text.strip() for each in named)
        said = context.fields(entry, Acknowledgement, "facts")
        found.append(Acknowledgement(facts=facts_named, **said))
    return tuple(found)
