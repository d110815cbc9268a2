"""``evcli facts``: what fact files hold, where they are, and what is new in them."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from evcli.commands import completion
from evcli.commands.factory import Command, command, commands_of, group, print_text
from evcli.commands.options import AnySeries, Output, Packs, Select
from evcli.commands.session import NO_ROWS, diagnostics_for, open_packs, opened, show, wanted
from evcli.diagnostics import ExitCode
from evcli.errors import InvalidFacts, UsageError
from evcli.files import write_new, write_together
from evcli.model import Pack
from evcli.render import ANNOTATIONS
from evcli.store import PackChoice, pack_choice
from evcli.store.cache import pack_places
from evcli.store.opening import cache_directory, ready_store
from evcli.text.lists import counted, listed

COMMANDS = commands_of("facts")
# they print a file and not rows, and take packs as they are
_REFUSES = ("as_of", "vintage", "include_deprecated", *NO_ROWS)


def _facts(ctx: typer.Context) -> None:
    """Check, list, add to, import and locate fact files."""
    if ctx.invoked_subcommand is None:
        raise UsageError("facts needs a command", f"one of {', '.join(COMMANDS)}")


def facts(name: str) -> Command:
    """The group of these commands."""
    return group(_facts, COMMANDS, name=name, add_completion=False)


@command(refuses=_REFUSES)
def add(
    words: Annotated[list[str] | None, "figure to add", completion.words] = None,
    *,
    series: Annotated[str, "series to add to", completion.series] = "",
    period: Annotated[str, "period to add"] = "",
    stated: Annotated[str, "stated"] = "",
    yoy: Annotated[str, "yoy"] = "",
    mom: Annotated[str, "mom"] = "",
    source: Annotated[str, "source to add"] = "",
    title: Annotated[str, "title"] = "",
    outlet: Annotated[str, "outlet"] = "",
    published: Annotated[str, "published"] = "",
    own: Annotated[bool, "own"] = False,
    origin: Annotated[str, "origin"] = "",
    at: Annotated[str, "at"] = "",
    status: Annotated[str, "status"] = "",
    note: Annotated[str, "note"] = "",
    dry_run: Annotated[bool, "dry_run"] = False,
    packs: Packs,
    output: Output,
) -> int:
    """Add one figure to a pack of your own (--facts DIR) or to a checkout of evcli."""
    from evcli.audit.audit import audit_record
    from evcli.importing.adding import diff, files_now, placed, understood
    from evcli.publish.sentences import effects

    said = {"series": series, "period": period, "stated": stated, "yoy": yoy, "mom": mom}
    said |= {"source": source, "title": title, "outlet": outlet, "published": published}
    said |= {"own": "yes" * own, "origin": origin, "at": at, "status": status, "note": note}
    diagnostics = diagnostics_for(output)
    places = pack_places(_choice(packs))
    files_before = files_now(places)
    with opened(packs, output, lends_all=True) as before:
        of, when, entry, new = understood(before, words or (), said, diagnostics.ask)
        files, fact, after = placed(places, files_before, before.store, of.id, entry, new)
        print_text("\n".join([*diff(files), ""]))
        if not dry_run:
            write_together(files)
        wrote = "would write" if dry_run else "wrote"
        diagnostics.notes([f"{wrote} {listed(map(str, files))}"])
        diagnostics.notes([f"{of.title} ({of.id})", *effects(before, after, of, when)])
    audit = audit_record(after, [fact.series], progress=diagnostics.progress)
    findings = [each for each in audit.open if fact.id in each.names]
    diagnostics.warnings(f"{each.verdict}: {each.message}" for each in findings)
    if not findings:
        diagnostics.notes([f"the audit of {fact.series} finds nothing about it"])
    return ExitCode.FOUND_PROBLEMS if any(each.fails for each in findings) else ExitCode.OK


@command(refuses=_REFUSES)
def import_(
    table: Annotated[str, "table"],
    *,
    new_file: Annotated[str, "new_file"] = "",
    map_: Annotated[list[str] | None, "map"] = None,
    guess: Annotated[bool, "guess"] = False,
    sheet: Annotated[str, "sheet"] = "",
    header: Annotated[int, "header"] = 0,
    encoding: Annotated[str, "encoding"] = "",
    lang: Annotated[str, "lang"] = "",
    decimal: Annotated[str, "decimal"] = "",
    packs: Packs,
    output: Output,
) -> int:
    """A fact file from a table of figures, one fact per row."""
    from evcli.importing import drafts as reading
    from evcli.importing.guess import guessed
    from evcli.importing.package import package_at, package_drafts
    from evcli.loader.mapping import TableMap
    from evcli.tables import DESCRIPTOR

    ending = ".map.yaml" if guess else ".yaml"
    if new_file and not new_file.casefold().endswith((ending, ending.replace("a", "", 1))):
        hint = f"give it a name in {ending}"
        raise UsageError(f"{new_file!r}: packs hold *{ending} files only", hint)
    how = TableMap("", sheet, header, encoding, reading.columns_in(map_ or ()))
    how = how._replace(language=lang, decimal=decimal)
    diagnostics = diagnostics_for(output)
    path, places = Path(table), pack_places(_choice(packs))
    package = package_at(path)
    mapping = None if map_ or guess or package else reading.mapping_at(path)
    if mapping is not None:
        found = reading.mapped_drafts(mapping, places)
    else:
        with open_packs(packs.facts, packs.no_builtin, diagnostics, lends_all=True) as store:
            if package is not None:
                found = package_drafts(package, store)
            else:
                read = reading.table_at(path, how)
                if guess:
                    name = DESCRIPTOR if path.is_dir() else path.name
                    text, notes = guessed(read, name, how, store)
                    diagnostics.notes(notes)
                    write_new(Path(new_file), text) if new_file else print_text(text)
                    return ExitCode.OK
                found = reading.drafts(read, how, store)
        reading.leave_out_invalid(found, table, places)
    diagnostics.notes(found.notes)
    text = reading.as_yaml(found, "standard input" if table == "-" else path.resolve().name)
    if new_file and found.facts:
        write_new(Path(new_file), text)
    else:
        print_text(text)
        new_file = ""  # a fact file without facts is none
    diagnostics.warnings(str(each) for each in found.problems)
    count = sum(map(len, found.facts.values()))
    new = f", {len(found.series)} new series" if found.series else ""
    wrote = f"; wrote {new_file}" if new_file else ""
    what = f"new facts, {found.known} known already" if found.known else "facts"
    rows = found.rows or count + found.known + sum(bool(e.line) for e in found.problems)
    of = f"{count} of {rows} rows are" if count <= rows else f"{rows} rows have {count}"
    diagnostics.notes([f"{of} {what}{new}{wrote}"])
    if found.known and not count and not found.problems:
        diagnostics.hint("the packs hold all of them; --no-builtin reads them all the same")
    if found.unread:
        what = f"{counted(found.unread, 'value')} could not be read on the page"
        diagnostics.notes([f"{what}: read first what has printed:"])
    if new_file:
        diagnostics.hint(f"read it against the sources, then: evcli facts lint {new_file}")
    return ExitCode.FOUND_PROBLEMS if found.problems else ExitCode.OK


@command(refuses=_REFUSES)
def schema(
    *,
    mapping: Annotated[bool, "mapping"] = False,
    with_packs: Annotated[bool, "ids of packs"] = False,
    packs: Packs,
    output: Output,
) -> None:
    """The JSON Schema of fact files, with which editors complete and check what is typed."""
    name = "mapping.schema.json" if mapping else "facts.schema.json"
    text = (Path(__file__).parents[1] / "schema" / name).read_text("utf-8")
    # a mapping has no ids of packs
    if not mapping and (with_packs or packs.facts or packs.no_builtin):
        from evcli.schema.ids import REFERRED, with_ids
        from evcli.schema.records import KINDS

        with open_packs(packs.facts, packs.no_builtin, diagnostics_for(output)) as store:
            ids = {name: dict(map(_called, store.every(KINDS[name].record))) for name in REFERRED}
        text = json.dumps(with_ids(json.loads(text), ids), ensure_ascii=False, indent=1) + "\n"
    print_text(text)


@command(refuses=("as_of", "vintage", "include_deprecated"), formats=ANNOTATIONS)
def lint(
    paths: Annotated[list[str] | None, "paths"] = None,
    *,
    strict: Annotated[bool, "strict"] = False,
    packs: Packs,
    output: Output,
) -> int:
    """Check fact files."""
    from evcli.loader.inventory import lint_answer, problems_answer

    named = [Pack(Path(path)) for path in paths or ()]
    try:
        answer, doubtful = lint_answer(named, pack_places(_choice(packs)), strict=strict)
    except InvalidFacts as error:
        if output.format != "table":
            show(problems_answer(error.problems, "error"), output)
        raise
    show(answer, output)
    return ExitCode.FOUND_PROBLEMS if doubtful else ExitCode.OK


@command(refuses=("vintage", "plans", "by", "basis"))
def list_(series: AnySeries = None, *, select: Select, packs: Packs, output: Output) -> None:
    """Facts as written, before anything is resolved or computed."""
    from evcli.loader.inventory import file_names
    from evcli.query.catalogue import facts_answer
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select)
        store = source.store
        found = series_named(store, series) if series else question.where.series(store)
        answer = facts_answer(source, found, question, file_names(pack_places(_choice(packs))))
    show(answer, output)


@command(refuses=("as_of", "vintage", "include_deprecated"))
def path(*, packs: Packs, output: Output) -> None:
    """Where the packs and the compiled store are."""
    from evcli.loader.inventory import packs_answer

    choice = _choice(packs)
    answer = packs_answer(pack_places(choice), ready_store(choice), cache_directory(os.environ))
    show(answer, output)


def _called(record: Any) -> tuple[str, str]:
    names = (getattr(record, each, "") for each in ("title", "name", "target"))
    return record.id, next(filter(None, names), "")


def _choice(packs: Packs) -> PackChoice:
    return pack_choice(map(Path, packs.facts), packs.no_builtin, os.environ)
