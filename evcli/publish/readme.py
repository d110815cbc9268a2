"""The README of a package."""

from __future__ import annotations

from collections.abc import Iterable

from evcli.publish import datapackage, licence, writers
from evcli.publish.contents import Contents
from evcli.version import __version__

NAME = "README.md"


def readme_text(contents: Contents, more: Iterable[str]) -> str:
    """What the package is, how to read it and how to cite it; *more* are its other files."""
    tables = "\n".join(
        f"| [{file}]({file}) | {len(table.rows)} | {table.description} |"
        for table in contents.tables
        for file in (datapackage.file_name(table),)
    )
    others = "\n".join(f"- [{file}]({file})" for file in more)
    selection = f" It is a selection: `{contents.selection}`." if contents.selection else ""
    return f"""# {licence.title(contents)}

Figures that can be defended: every number comes with its period, unit, definition, source and the
bounds that its own wording allows.{selection}

- Made by evcli {__version__} from the record `{contents.digest}`.
- Newest source: {contents.newest or "none is dated"}.{_as_of(contents)}
- Terms: {licence.terms(contents)}.
  The texts of the sources are not in here.

## How to cite

> {licence.quotation(contents)}

A single figure is cited by its `id` and the `sources` beside it.

## What is in it

| file | rows | holds |
| --- | --- | --- |
{tables}

- [{datapackage.NAME}]({datapackage.NAME}) describes every column (Frictionless Data Package).
- [{writers.SQLITE}]({writers.SQLITE}) holds the same tables with keys and references;
  [{writers.METADATA}]({writers.METADATA}) describes them:
  `datasette {writers.SQLITE} -m {writers.METADATA}`
{others}

## How to read it

- `figures.csv` is what is known of each series and period, `facts.csv` what each source states.
  Where sources exclude each other, each rival is a row of its own.
- `low` and `high` are what the wording of the source allows. An empty end is open: it is not zero
  and not unlimited, it is not known.
- Figures add up only where `partitions.csv` says so, and only where `metrics.csv` says `flow`.
  Series of different publishers or methods count differently.
- An empty cell says that nothing is known or that nothing applies. Several ids in one cell are
  separated by spaces, other lists are JSON arrays.
- `evcli facts import .` makes a fact file of the facts in here.
"""


def _as_of(contents: Contents) -> str:
    return f" Only what was published by {contents.as_of}." if contents.as_of else ""
