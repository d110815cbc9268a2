"""``verify`` as answers: facts checked against texts, and texts against facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evcli.errors import UnknownName, UsageError, reason_of
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, View, views_of
from evcli.model.records import Fact, Measure, PlantFact, Source
from evcli.text.lists import counted
from evcli.verify.checks import Mismatch, Statements, check_source
from evcli.verify.texts import BadText, NoText, Text, read_text
from evcli.verify.uncovered import Uncovered, uncovered

if TYPE_CHECKING:
    from evcli.store.reader import Store

VARIABLE = "EVCLI_TEXTS"
MISMATCH_COLUMNS = (
    Column("source", shown=HumanColumn("where", fields=("where",))),
    Column("id", shown=HumanColumn("fact", optional=1)),
    *(Column(name, shown=HumanColumn(name)) for name in ("at", "problem", "wanted")),
    Column("found", shown=HumanColumn("what stands there")),
    Column("file"),
    Column("line", Kind.NUMBER),
)
UNCOVERED_COLUMNS = (
    Column("source", shown=HumanColumn("source")),
    Column("at", shown=HumanColumn("at")),
    Column("position", Kind.NUMBER, shown=HumanColumn("position", View.NUMBER, optional=1)),
    Column("text", shown=HumanColumn("number")),
    Column("context", shown=HumanColumn("context", optional=2)),
    Column("problem", shown=HumanColumn("problem")),
)


def texts_directory(option: str, environ: Mapping[str, str]) -> Path | None:
    """Where the texts are: what ``--texts`` says, else EVCLI_TEXTS, else None."""
    given, where = (option, "--texts") if option else (environ.get(VARIABLE, ""), VARIABLE)
    if not given:
        return None
    try:
        directory = Path(given)
        if not directory.is_dir():
            why = "not a directory" if directory.exists() else "no such directory"
            raise UsageError(f"{where}: {why}: {given}", "give the texts' directory")
    except (OSError, ValueError) as error:
        raise UsageError(f"{where}: {given!r}: {reason_of(error)}") from None
    return directory


def verify_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for everything stated that does not stand in its source's text.

    UnknownName where *directory* has the text of none of *sources*.
    """
    found: list[Mismatch] = []
    notes: list[str] = []
    checked: list[int] = []
    for source, text, statements in _texts(store, sources, directory, notes):
        if isinstance(text, BadText):
            found.append(Mismatch(source.id, "", "", str(text), source.file))
            continue
        stated = statements.by_source[source.id]
        checked.append(sum(isinstance(each, Fact | PlantFact | Measure) for each in stated))
        found += check_source(source, text, statements)
    if not found:
        facts = counted(sum(checked), "fact")
        notes.append(f"{facts} of {counted(len(checked), 'source')} verified")
    rows = [
        {**each._asdict(), "where": f"{each.file}:{each.line}" if each.file else each.source}
        for each in found
    ]
    return Answer(MISMATCH_COLUMNS, rows, views_of(MISMATCH_COLUMNS), notes=tuple(notes))


def coverage_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for every number of the texts that nothing accounts for.

    UnknownName where *directory* has the text of none of *sources*.
    """
    rows: list[Row] = []
    notes: list[str] = []
    read: list[int] = []
    for source, text, statements in _texts(store, sources, directory, notes):
        if isinstance(text, BadText):
            rows.append(Uncovered(source.id, text=source.file, problem=str(text))._asdict())
            continue
        rows += (each._asdict() for each in uncovered(source, text, statements))
        read.append(sum(len(text.mentions(at)) for at in range(len(text.paragraphs))))
    if not rows:
        numbers = counted(sum(read), "number")
        notes.append(f"{numbers} of {counted(len(read), 'source')} accounted for")
    return Answer(UNCOVERED_COLUMNS, rows, views_of(UNCOVERED_COLUMNS), notes=tuple(notes))


def _texts(
    store: Store, sources: Sequence[Source], directory: Path | None, missing: list[str]
) -> Iterator[tuple[Source, Text | BadText, Statements]]:
    """The text of every source that has a card for it, or why it will not do.

    Those whose text is not there are added to *missing*; UnknownName where none is there.
    """
    carded = [source for source in sources if source.file and source.sha256]
    if not carded:
        message = "no text for any source: no card names a file and its sha256"
        raise UnknownName(message, "a card has file: and sha256:")
    if directory is not None:
        statements = Statements.of(store, carded)
        money = statements.money
        for source in carded:
            try:
                text: Text | BadText = read_text(directory, source, money)
            except NoText:
                missing.append(f"{source.id}: no text ({source.file} is not in {directory})")
                continue
            except BadText as error:
                text = error
            yield source, text, statements
    if directory is None or len(missing) == len(carded):
        place = f" in {directory}" if directory is not None else ""
        hint = f"say where the texts are with --texts DIR or {VARIABLE}"
        raise UnknownName(
            f"no text for any source{place}", f"{hint}; the first is {carded[0].file}"
        )
