"""``evcli package``."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import NONE, WINDOWS, AnySeries, Output, Packs, Select, as_typed
from evcli.commands.session import check_columns, diagnostics_for, opened, show, wanted
from evcli.model.answer import Answer
from evcli.publish.package import FORMATS
from evcli.store import pack_choice


@command(refuses=("plans", "vintage", "basis"), by=WINDOWS)
def package(
    folder: Annotated[str, "DIR", "A new or empty folder."],
    series: AnySeries = None,
    *,
    extra: Annotated[
        list[str],
        "FORMATS",
        "Also write parquet (needs evcli[package]) or sdmx-csv.",
        completion.choice(*FORMATS),
    ] = NONE,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """The record, or a selection, as a data package and as one SQLite file.

    CSV tables described by datapackage.json (Frictionless), record.sqlite with metadata.json for
    Datasette, and a README that says how to cite it. A selection comes with everything
    it is based on: facts (deprecated ones, too), series, sources. Plants, measures and events come
    only with the whole record. The same record gives the same bytes. evcli facts import DIR reads
    the facts back.
    """
    from evcli.files import check_free
    from evcli.publish.contents import contents
    from evcli.publish.package import PACKAGE_COLUMNS, PACKAGE_VIEWS, check_formats, write_package
    from evcli.query.selection import series_named

    formats = [name.strip() for each in extra for name in each.split(",")]
    check_formats(formats)
    check_columns(PACKAGE_COLUMNS, output)
    check_free(Path(folder))
    with opened(packs, output) as source:
        question = wanted(source, select)
        store = source.store
        found = series_named(store, series) if series else question.where.series(store)
        held = contents(
            source,
            found,
            question,
            selection=shlex.join([*(series or ()), *as_typed(select)]),
            added=bool(pack_choice(map(Path, packs.facts), packs.no_builtin, os.environ).facts),
        )
        written = write_package(Path(folder), held, source.words, formats)
    answer = Answer(PACKAGE_COLUMNS, [each._asdict() for each in written], PACKAGE_VIEWS)
    undated = sum(figure.period.is_undated for figure in held.figures)
    if undated and "sdmx-csv" in formats:
        figures = "figure has" if undated == 1 else "figures have"
        note = f"{undated} undated {figures} no place in SDMX and stand only in the other files"
        answer = answer._replace(notes=(note,))
    show(answer, output)
    diagnostics = diagnostics_for(output)
    size = sum(each.bytes for each in written)
    diagnostics.notes([f"wrote {len(written)} files, {size:,} bytes, to {folder}"])
    if not held.figures:
        diagnostics.hint("no figure matches; leave options out to package more")
