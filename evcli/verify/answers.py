"""``verify`` as answers: facts against texts, and the other way round."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evcli.errors import UnknownName, UsageError
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.model.records import Source
from evcli.text.phrases import counted
from evcli.verify.checks import Finding, Statements, check_source, place_of
from evcli.verify.coverage import Uncovered, uncovered
from evcli.verify.texts import BadText, NoText, Text, read_text

if TYPE_CHECKING:
    from evcli.store.reader import Store

VARIABLE = "EVCLI_TEXTS"
FINDING_COLUMNS = (
    *(Column(name) for name in ("source", "id", "at", "problem", "wanted", "found", "file")),
    Column("line", Kind.NUMBER),
)
_FINDING_VIEWS = (
    HumanColumn("where", View.TEXT, ("where",)),
    HumanColumn("fact", View.TEXT, ("id",), optional=1),
    HumanColumn("at", View.TEXT, ("at",)),
    HumanColumn("problem", View.TEXT, ("problem",)),
    HumanColumn("wanted", View.TEXT, ("wanted",)),
    HumanColumn("what stands there", View.TEXT, ("found",)),
)
COVERAGE_COLUMNS = (
    Column("source"),
    Column("at"),
    Column("position", Kind.NUMBER),
    *(Column(name) for name in ("text", "context", "problem")),
)
_COVERAGE_VIEWS = (
    HumanColumn("source", View.TEXT, ("source",)),
    HumanColumn("at", View.TEXT, ("at",)),
    HumanColumn("position", View.NUMBER, ("position",), optional=1),
    HumanColumn("number", View.TEXT, ("text",)),
    HumanColumn("context", View.TEXT, ("context",), optional=2),
    HumanColumn("problem", View.TEXT, ("problem",)),
)
_UNACCOUNTED = "no fact and no left_out entry accounts for it"


def texts_directory(option: str, environ: Mapping[str, str]) -> Path | None:
    """Where the texts are: what ``--texts`` says, else EVCLI_TEXTS, else nobody says."""
    given, where = (option, "--texts") if option else (environ.get(VARIABLE, ""), VARIABLE)
    if not given:
        return None
    try:
        directory = Path(given)
        if not directory.exists():
            raise UsageError(f"{where}: no such directory: {given}", "give the texts' directory")
        if not directory.is_dir():
            raise UsageError(f"{where}: not a directory: {given}", "give the texts' directory")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{where}: {given!r}: {reason}") from None
    return directory


def verify_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for everything stated that does not stand in its source's text.

    UnknownName where *directory* has the text of none of *sources*.
    """
    checked: list[int] = []

    def rows(source: Source, text: Text, book: Statements) -> Iterator[dict[str, Value]]:
        said = book.said[source.id]
        checked.append(len(said.facts) + len(said.plant_facts) + len(said.measures))
        return map(_finding_row, check_source(source, text, book))

    def broken(source: Source, why: str) -> dict[str, Value]:
        return _finding_row(Finding(source.id, "", "", why, source.file))

    found, notes = _each(store, sources, directory, rows, broken)
    if not found:
        facts = counted(sum(checked), "fact")
        notes.append(f"{facts} of {counted(len(checked), 'source')} verified")
    return Answer(FINDING_COLUMNS, found, _FINDING_VIEWS, notes=tuple(notes))


def coverage_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for every number of the texts that nothing accounts for.

    UnknownName where *directory* has the text of none of *sources*.
    """
    read: list[int] = []

    def rows(source: Source, text: Text, book: Statements) -> Iterator[dict[str, Value]]:
        result = list(map(_coverage_row, uncovered(source, text, book)))
        read.append(sum(len(text.mentions(at)) for at in range(len(text.paragraphs))))
        return iter(result)

    def broken(source: Source, why: str) -> dict[str, Value]:
        return _row(COVERAGE_COLUMNS, source=source.id, text=source.file, problem=why)

    found, notes = _each(store, sources, directory, rows, broken)
    if not found:
        numbers = counted(sum(read), "number")
        notes.append(f"{numbers} of {counted(len(read), 'source')} accounted for")
    return Answer(COVERAGE_COLUMNS, found, _COVERAGE_VIEWS, notes=tuple(notes))


def _each(
    store: Store,
    sources: Sequence[Source],
    directory: Path | None,
    rows: Callable[[Source, Text, Statements], Iterator[dict[str, Value]]],
    broken: Callable[[Source, str], dict[str, Value]],
) -> tuple[list[dict[str, Value]], list[str]]:
    """The rows of every source whose text is there, and notes on those whose text is not."""
    carded = [source for source in sources if source.file and source.sha256]
    found: list[dict[str, Value]] = []
    missing: list[str] = []
    if directory is not None and carded:
        book = Statements.of(store, carded)
        money = book.money
        for source in carded:
            try:
                found += rows(source, read_text(directory, source, money), book)
            except NoText:
                missing.append(f"{source.id}: no text ({source.file} is not in {directory})")
            except BadText as error:
                found.append(broken(source, str(error)))
    if directory is None or len(missing) == len(carded):
        raise _no_text(directory, carded)
    return found, missing


def _no_text(directory: Path | None, carded: Sequence[Source]) -> UnknownName:
    if not carded:
        return UnknownName(
            "no text for any source: no card names a file and its sha256",
            "a card has file: and sha256:",
        )
    place = f" in {os.fspath(directory)}" if directory is not None else ""
    return UnknownName(
        f"no text for any source{place}",
        f"say where the texts are with --texts DIR or {VARIABLE}; the first is {carded[0].file}",
    )


def _finding_row(finding: Finding) -> dict[str, Value]:
    file, line = place_of(finding.place)
    row = _row(
        FINDING_COLUMNS,
        source=finding.source,
        id=finding.id,
        at=finding.at,
        problem=finding.problem,
        wanted=finding.wanted,
        found=finding.found,
        file=file,
        line=line,
    )
    row["where"] = f"{file}:{line}" if file else finding.source
    return row


def _coverage_row(number: Uncovered) -> dict[str, Value]:
    return _row(
        COVERAGE_COLUMNS,
        source=number.source,
        at=number.at,
        position=number.position,
        text=number.text,
        context=number.context,
        problem=_UNACCOUNTED,
    )


def _row(columns: Sequence[Column], **given: Value) -> dict[str, Value]:
    row: dict[str, Value] = {
        column.name: None if column.kind is Kind.NUMBER else "" for column in columns
    }
    row.update(given)
    return row
