"""``evcli facts add``: one figure more in the files that a curator keeps, and its source."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path

from evcli.errors import InvalidFacts, UnknownName, UsageError
from evcli.importing.drafts import StoreNames
from evcli.loader.files import Report, display, ids_in, pack_files, read
from evcli.loader.inventory import review
from evcli.loader.packs import load
from evcli.loader.writing import DraftEntry, YamlValue, facts_of, flow, with_entry, with_fact
from evcli.model import WORLD, Pack
from evcli.model.period import Period
from evcli.model.records import Fact, Series
from evcli.query.figures import Figures
from evcli.query.operands import not_recorded, series_wanted
from evcli.query.selection import DIMENSIONS, Query, When, date_named
from evcli.query.words import read_words, tokens_of
from evcli.store.build import build
from evcli.store.names import fold
from evcli.store.opening import PACKAGE
from evcli.store.reader import Store
from evcli.text.lists import first_few

_NEW_FILE = "facts.yaml"  # of a pack that has no file yet
_NEW_TEXT = "# yaml-language-server: $schema=facts.schema.json\n"  # see evcli facts schema
_ONE_PERIOD = "name it as 2026-10, 2026-Q3 or oct 2026"
Files = Mapping[Path, tuple[bytes, str]]  # the files of a pack, as bytes and as text
Changes = Mapping[Path, tuple[bytes, bytes]]  # what a file is (nothing: it is new) and is to be


def understood(
    source: Figures, words: Sequence[str], options: Mapping[str, str], ask: Callable[..., str]
) -> tuple[Series, Period, DraftEntry, DraftEntry | None]:
    """The series and period of a figure, itself as it will be written, and its source if that is
    new, by *words* and *options*; what they leave out is asked for.
    """
    store, said = source.store, {**options}
    pages = [*filter(None, (*(each for each in words if "://" in each), said["source"]))]
    words = [each for each in words if "://" not in each]
    if not said["stated"]:
        words, said["stated"] = _apart(store, words)
    query = read_words(store, [*filter(None, (*words, said["series"], said["period"]))])
    when = query.when
    if query._replace(when=When()) == Query():
        how = "name it in words or by id, as in caam nev exports"
        query = read_words(store, [ask("which series", how)])
    series = _series(source, query)
    if when.is_open:
        when = read_words(store, [ask("which period", _ONE_PERIOD)]).when
    if len(when.named) != 1:
        raise UsageError("a figure is of one period", _ONE_PERIOD)
    period = when.named[0]
    if not any(said[key] for key in ("stated", "yoy", "mom")):
        how = "write 312,000 or 'over 2.49 million', or --yoy +64.6% where only growth is printed"
        said["stated"] = ask("which figure, as printed", how)
    pages = pages or [ask("which source", "give its address, or the id of one that is recorded")]
    if len(pages) > 1:
        raise UsageError("a figure has one source", "a second source is a second figure")
    names = StoreNames(store)
    id, new = names.known_source(pages[0]), None
    about = {"source_title": "title", "outlet": "outlet", "published": "published"}
    if id and (given := [f"--{key}" for key in (*about.values(), "own") if said[key]]):
        raise UsageError(f"{id} is recorded already", f"leave out {' '.join(given)}")
    if not id and "://" not in pages[0]:
        raise UnknownName.of("source", pages[0], [each.id for each in store.sources()])
    if not id:
        told = {key: said[of] or ask(f"its {of}, if it has one") for key, of in about.items()}
        if told["published"]:
            told["published"] = date_named(told["published"], "--published")
        id = names.source({"url": pages[0], **told})
        new = {**names.sources[id], "publisher": series.publisher if said["own"] else ""}
    at = said["at"].split(",")
    is_stock = store.vocabulary.is_stock(series.metric)
    entry: dict[str, YamlValue] = {"as_of" if is_stock else "period": str(period)}
    entry |= {key: said[key] for key in ("stated", "yoy", "mom")}
    entry |= {"source": id, "origin": said["origin"], "at": at if at[1:] else said["at"]}
    return series, period, entry | {key: said[key] for key in ("status", "note")}, new


def _apart(store: Store, words: Sequence[str]) -> tuple[Sequence[str], str]:
    """The question in *words*, and the figure that ends them; UsageError where the word beside it
    may be a part of it, as "over" is, or "million".
    """

    def is_number(word: str) -> bool:
        is_period = all(token.times for token in tokens_of([word]))
        return any(map(str.isdigit, word)) and not is_period

    *question, figure = words or [""]
    before = " ".join(question).rpartition(" ")[2]
    is_small = any(kind == "small" for _, kind, *_ in store.spellings([fold(before)]))
    if is_number(before) or (is_number(figure) and is_small):
        hint = f"quote all that the page says: '{before} {figure}'; ids go behind --source"
        raise UsageError(f"{before!r} beside {figure!r} is not clear", hint)
    return (question, figure) if is_number(figure) else (words, "")


def _series(source: Figures, asked: Query) -> Series:
    """The one series that a question names; UsageError with the candidates where several fit."""
    store, where = source.store, asked.where
    found = series_wanted(source, asked._replace(when=When()))
    if not found:  # none with a figure, then
        found = [s for s in where.series(store) if where.destinations or s.destination == WORLD]
    if not found:
        raise UnknownName(not_recorded(source, asked))
    # those that differ in nothing that was said are as good, with figures or not
    kinds = [kind for kind in DIMENSIONS if kind != "publisher" or where.publishers]
    same = [{kind: [getattr(each, kind)] for kind in kinds} for each in found]
    alike = {each.id for of in same for each in store.select_series(**of)}
    if len(found if asked.series else alike) > 1:
        raise UsageError(f"several series fit: {first_few(sorted(alike))}", "name one by its id")
    return found[0]


def files_now(packs: Sequence[Pack]) -> Files:
    """The files that may be written to, as they are: to be read before the store is opened, so
    that no line of another run comes between what is known and what is written.
    """
    return {path: read(path, Report()) or (b"", "") for path in pack_files(_own(packs).path)}


def placed(
    packs: Sequence[Pack],
    found: Files,
    store: Store,
    series: str,
    entry: DraftEntry,
    source: DraftEntry | None,
) -> tuple[Changes, Fact, Figures]:
    """What changes in the files of a pack, the new fact in them, and the figures as they become;
    UsageError for what the strict loader refuses or doubts.
    """
    known = sorted(store.facts([series]), key=lambda each: each.period.sort_key)
    texts = {path: text for path, (_, text) in found.items()}

    def kin(path: Path) -> tuple[int, int]:
        alike = (len({*series.split(".")} & {*each.split(".")}) for each in ids_in(texts[path]))
        return facts_of(texts[path], series), max(alike, default=0)

    def cited(path: Path) -> tuple[int, bool, bool]:
        ids = ids_in(texts[path])
        newest = (at for at, each in enumerate(known) if each.source in ids)
        return max(newest, default=-1), "sources:" in texts[path], path == file

    file = max(texts, key=kin, default=_own(packs).path / _NEW_FILE)
    written: dict[Path, str] = {}
    if source is not None:  # first: a source without a fact harms nobody
        beside = max(texts, key=cited, default=file)
        written[beside] = with_entry(texts.get(beside, _NEW_TEXT), "sources", source)
    written[file] = with_fact(written.get(file) or texts.get(file, _NEW_TEXT), series, entry)
    names = {each.id for each in known}
    try:
        record = load(packs, written)
        [fact] = (each for each in record.facts if each.series == series and each.id not in names)
    except InvalidFacts as error:
        raise UsageError(error.problems[0].message, error.problems[0].hint) from None
    except ValueError:
        hint = f"put it there by hand: - {flow(entry)}"
        raise UsageError(f"no place was found in {display(file)}", hint) from None
    for each in known:
        if (each.period, each.source) == (fact.period, fact.source) and each.place:
            where = f"{each.place.file}:{each.place.line}"
            hint = "mend that line, or deprecate it with a reason"
            raise UsageError(f"{each.source} has {each.period} already, in {where}", hint)
    for doubt in review(record):
        if doubt[:3] == fact.place:
            raise UsageError(doubt.message, doubt.hint)
    files = {}
    for path, changed in written.items():
        data, text = found.get(path, (b"", ""))
        mark = data[: len(data) - len(text.encode())]  # of byte order
        files[path] = data, mark + changed.encode()
    connection = sqlite3.connect(":memory:")
    build(record, connection)
    return files, fact, Figures(Store(connection))


def diff(files: Changes) -> Iterator[str]:
    """The lines that are new, in each file with those beside them."""
    for path, both in files.items():
        old, new = (each.decode("utf-8-sig").splitlines() for each in both)
        yield from unified_diff(old, new, display(path), display(path), n=1, lineterm="")


def _own(packs: Sequence[Pack]) -> Pack:
    """The pack that is written to: the last of one's own, else the built-in one of a checkout."""
    own = [each for each in packs if not each.builtin]
    if not own and not (PACKAGE / "_builtin").is_dir():
        own = [each for each in packs[:1] if not each.definitions_only]
    if not own:
        hint = "name a folder for figures of your own: --facts DIR, or EVCLI_FACTS"
        raise UsageError("the built-in record is never written to", hint)
    return own[-1]
