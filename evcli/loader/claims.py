"""What the audit works with: claims to be checked, and findings that are explained."""

from __future__ import annotations

import fnmatch

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.series import Facts
from evcli.loader.sources import Sources
from evcli.loader.yaml_nodes import Node
from evcli.model.claim import Comparison, FirstTime, ParsedClaim, RankClaim, parse_claim
from evcli.model.records import Acknowledgement, Claim

_LONGEST = 500


def read_claims(context: Context, sources: Sources) -> list[Claim]:
    """The claims of all documents in the order of the files."""
    claims = []
    for entry in context.entries("claims"):
        name = context.ids.read(entry)
        first = bool(name) and context.ids.claim("claim", name, entry)
        source, at = sources.cite(entry)
        said = context.fields(entry, Claim, "id", "source", "at")
        if said["says"]:
            _check_claim(said["says"], entry, context)
        if first:
            claims.append(Claim(id=name, source=source, at=at, place=entry.place, **said))
    return claims


def _check_claim(says: str, entry: Entry, context: Context) -> None:
    report = context.report
    where: Node = entry.at("says")
    if len(says) > _LONGEST:
        entry.problem("the claim is too long", f"at most {_LONGEST} characters", where)
        return
    try:
        claim = parse_claim(says)
    except ValueError as error:  # ClaimError, PeriodError, a number of thousands of digits
        entry.problem(str(error), "", where)
        return
    known = context.ids.known.get("series", {})
    for name in dict.fromkeys(_named(claim)):
        if name not in known and not report.may_exist(name):
            entry.problem(f"no series named {name!r}", report.near(name, known), where)
    if (
        isinstance(claim, RankClaim)
        and not (report.blind or report.maybe)
        and not any(fnmatch.fnmatchcase(name, claim.among) for name in known)
    ):
        entry.problem(f"no series matches {claim.among!r}", "* stands for any text", where)


def _named(claim: ParsedClaim) -> tuple[str, ...]:
    match claim:
        case Comparison():
            return claim.left.series, claim.right.series
        case FirstTime():
            return _named(claim.comparison)
        case RankClaim():
            return (claim.series,)


def read_acknowledged(context: Context, facts: Facts) -> list[Acknowledgement]:
    """The explained findings of all documents in the order of the files."""
    found = []
    known = context.ids.known.get("fact", {})
    claims = context.ids.known.get("claim", {})
    report = context.report
    for entry in context.entries("acknowledged"):
        if not entry.has("facts"):
            entry.lacks("facts")
        named = entry.scalars("facts", some=True)
        for fact in named:
            name = fact.text.strip()
            series = name.partition("@")[0]
            if name in known or name in claims or facts.may_name(name):
                continue
            if report.may_exist(series):
                continue
            same_series = tuple(each for each in known if each.startswith(f"{series}@"))
            entry.problem(
                f"no fact or claim named {name!r}",
                report.near(name, same_series or {**known, **claims})
                or "an id is SERIES@PERIOD#SOURCE",
                fact,
            )
        found.append(
            Acknowledgement(
                facts=tuple(each.text.strip() for each in named),
                place=entry.place,
                **context.fields(entry, Acknowledgement, "facts"),
            )
        )
    return found
