"""Puts packs together: reads every file, then each kind of entry in the order they build on.

>>> from pathlib import Path
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as empty:
...     len(load([Pack(Path(empty))]).facts)
0
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Sequence

from evcli.errors import InvalidFacts
from evcli.loader.context import Context
from evcli.loader.entry import Document
from evcli.loader.files import display, read, walk
from evcli.loader.plants import read_plants
from evcli.loader.problems import Report
from evcli.loader.series import AllSeries, read_sources
from evcli.loader.statements import read_acknowledged, read_claims, read_measures
from evcli.loader.vocabulary import Words
from evcli.loader.yaml_nodes import Mapping, parse
from evcli.model import Pack
from evcli.model.records import Event, Record
from evcli.schema.records import SECTIONS

_KEYS = frozenset({"vocabulary", *SECTIONS})


def load(packs: Sequence[Pack]) -> Record:
    """Everything that *packs* hold together.

    Raises InvalidFacts with all problems of all files, UsageError for a path with nothing at it.
    """
    report = Report()
    collects = gc.isenabled()
    gc.disable()  # to look for garbage among millions of new objects would double the time
    try:
        record = _assemble(_documents(packs, report), report)
    finally:
        if collects:
            gc.enable()
    if report.problems:
        raise InvalidFacts(report.problems)
    return record


def _assemble(documents: Sequence[Document], report: Report) -> Record:
    context = Context(documents, report)
    for top in context.tops:
        top.only(_KEYS)
    words = Words(context)
    read_sources(context, words)
    series = AllSeries(context, words)
    return Record(
        sources=context.sources,
        series=series.by_id,
        facts=tuple(series.facts),
        events=tuple(
            Event(name, **context.fields(entry, Event))
            for name, entry, _ in context.named("events")
        ),
        measures=read_measures(context, words),
        plants=read_plants(context, words),
        claims=read_claims(context),
        acknowledged=read_acknowledged(context, series),
        vocabulary=words.finish(),
    )


def _documents(packs: Sequence[Pack], report: Report) -> list[Document]:
    """Every file once, unless only its definitions were taken before and all of it is wanted."""
    parsed: dict[bytes, tuple[str, Mapping | None]] = {}
    taken: dict[bytes, bool] = {}  # whether only its definitions were
    documents: list[Document] = []
    for pack in packs:
        for path in walk(pack.path, report):
            content = read(path, report)
            if content is None:
                continue
            digest = hashlib.sha256(content[0]).digest()
            if digest not in parsed:
                name = display(path)
                parsed[digest] = (name, parse(content[1], name, report))
            name, root = parsed[digest]
            if root is not None and taken.get(digest) not in (False, pack.definitions_only):
                taken[digest] = pack.definitions_only
                documents.append(Document(name, root, pack.definitions_only))
    return documents
