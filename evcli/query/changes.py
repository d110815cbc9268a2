"""What changed in the built-in record: figures added, changed, deprecated since a day or version.

Somebody who quoted a figure learns whether it moved: what it was, what it is, why, by which source.
"""

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from textwrap import shorten

from evcli.errors import UsageError
from evcli.model.answer import Answer, Row
from evcli.model.period import UNDATED, parse_period
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary
from evcli.query.explain import explain_answer
from evcli.query.figures import Figures
from evcli.query.operands import said_of
from evcli.query.rows import answer_of, screenful
from evcli.query.selection import Query, countries_of, date_named, series_named
from evcli.store.history import RELEASED, HistoryLine, history_of

_KINDS = ("deprecated", "corrected", "removed", "changed", "added", "set aside", "confirmed")
_ROOM = {"label": 22, "moved": 18, "why": 22}  # cells in a line of 80
_REASON = 50  # characters of a reason in a table; machine formats have all of it
_NONE = "packs of one's own have no history: compare their files, as git does"


def changes_answer(source: Figures, wanted: Query, since: str = "") -> Answer:
    """What became of the figures asked for, the newest first, of a day what moved first.

    *since* is a day, month or year, a version of evcli, or the fingerprint of a record. Who names
    a figure is told of all facts that it rests on.
    """
    store, words = source.store, source.words
    history = history_of(store)
    lines, caution = _since(history, since)
    series = {e.id: e for e in store.series([e.fact.partition("@")[0] for e in lines])}
    question = wanted._replace(where=wanted.where.with_parts(words))
    names = {f"{name}{rest}" for name in wanted.series for rest in ("", "[@#]*")}
    for name in wanted.series:
        if any(sign in name for sign in "*?["):
            series_named(store, [name.partition("@")[0]])
        else:
            steps = explain_answer(source, [name]).rows
            names |= {id for step in steps if "#" in (id := str(step["id"]))}
    chosen = [
        line
        for line in lines
        if _is_asked(line, series.get(line.fact.partition("@")[0]), question, words)
        and (not names or line.source in names or any(fnmatchcase(line.fact, e) for e in names))
    ]
    chosen.sort(key=lambda line: (_KINDS.index(line.what), line.title, line.fact))
    chosen.sort(key=lambda line: line.date, reverse=True)
    sources = store.sources({line.source for line in chosen})
    printed = {each.id: f"{each.outlet}, {each.published or UNDATED}" for each in sources}
    rows = [_row(line, printed.get(line.source, "")) for line in chosen]
    found = Counter(line.what for line in chosen)
    title = f"Changes since {since}" if since else "Changes"
    return answer_of("change", rows, store)._replace(
        notes=(_NONE,) if store.choice and store.choice.facts else (),
        title=" · ".join([title, *said_of(wanted.where, words).values()]),
        hint="nothing changed there" if history else _NONE,
        caution=caution,
        more=", ".join(f"{found[kind]} {kind}" for kind in _KINDS if found[kind]),
        screen=screenful(rows, _ROOM),
    )


def _is_asked(line: HistoryLine, series: Series | None, wanted: Query, words: Vocabulary) -> bool:
    """Whether the words of a question admit a line, which is on a *series* or something else."""
    where, period = wanted.where, parse_period(line.period)
    if series is not None:
        return where.admits(series) and wanted.when.admits(period)
    about, codes = line.about.split(), countries_of(where.destinations, words)[0]
    return (
        where.metrics in ((), ("plants",) if "@" in line.fact else ())
        and not (where.scopes or where.publishers)
        and where.is_about(about, words)
        and (codes is None or any(codes & (words.countries_in(e) or {e}) for e in about))
        and wanted.when.holds(period)
    )


def _row(line: HistoryLine, printed: str) -> Row:
    apart = line.before != line.after or line.what == "confirmed"
    moved = (line.before if apart else line.stated_after, line.after or "nothing")
    reason = shorten(line.reason, _REASON, placeholder=" ...")
    return {
        **line._asdict(),
        "sources": (line.source,),
        "on": f"{line.date} {line.what}",
        "label": f"{line.title}, {parse_period(line.period).label}",
        "moved": " → ".join(dict.fromkeys(filter(None, moved))),
        "why": f"{reason} ({printed})" if reason and printed else reason or printed,
    }


def _since(history: Sequence[HistoryLine], since: str) -> tuple[list[HistoryLine], str]:
    """The lines on facts that came after a version or record, or on a day or later; and a word to
    readers where the history does not go back that far.
    """
    named = (n for n, line in enumerate(history, 1) if since[:12] in (line.record, line.fact))
    begin, day, caution = max(named, default=0), "", ""
    if since and history and not begin:
        first = history[0]
        try:
            day = date_named(since, "--since")
        except UsageError:
            why = f"--since: {since!r} is no date, and no version or record of the history"
            raise UsageError(why, f"write a day, as 2026-09-01, or {first.fact}") from None
        if day < first.date:
            caution = f"the history begins on {first.date} with evcli {first.fact}"
    return [e for e in history[begin:] if e.date >= day and e.what != RELEASED], caution
