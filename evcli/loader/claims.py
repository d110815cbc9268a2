"""What the audit works with: claims to be checked, and findings that are explained."""

from __future__ import annotations

import fnmatch

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.series import Facts
from evcli.loader.yaml_nodes import Node
from evcli.model.claim import RankClaim, parse_claim
from evcli.model.records import Acknowledgement, Claim

_LONGEST = 500


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
    known = context.names("series")
    for name in dict.fromkeys(term.series for term in claim.terms):
        if name not in known and not report.may_exist(name):
            entry.problem(f"no series named {name!r}", report.near(name, known), where)
    if (
        isinstance(claim, RankClaim)
        and not (report.blind or report.maybe)
        and not any(fnmatch.fnmatchcase(name, claim.among) for name in known)
    ):
        entry.problem(f"no series matches {claim.among!r}", "* stands for any text", where)


def read_acknowledged(context: Context, facts: Facts) -> tuple[Acknowledgement, ...]:
    """The explained findings of all documents in the order of the files."""
    found = []
    known, claims = context.names("fact"), context.names("claim")
    report = context.report
    for entry in context.entries("acknowledged"):
        if not entry.has("facts"):
            entry.lacks("facts")
        named = entry.scalars("facts", some=True)
        for fact in named:
            name = fact.text.strip()
            series = name.partition("@")[0]
            if name in known or name in claims or series in facts.unnumbered:
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
                **context.fields(entry, Acknowledgement, "facts"),
            )
        )
    return tuple(found)
