"""Answers as text: one function for every format, one owner of standard output.

Machine formats print the answer's columns with raw numbers; the table prints what people read.
Each format lives in its own module and is imported when it is asked for, so that a look-up in
CSV never pays for the table.

>>> from evcli.model.answer import Answer, Column, Kind
>>> answer = Answer((Column("id"), Column("value", Kind.NUMBER)), [{"id": "a", "value": 1200}])
>>> print("".join(render(answer, Options(format="csv"))), end="")
id,value
a,1200
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from evcli.errors import UsageError
from evcli.model.answer import Answer
from evcli.render.output import ClosedPipe, Stdout

__all__ = ["FORMATS", "NESTED", "ClosedPipe", "Options", "Stdout", "render"]
NESTED = ("json", "jsonl")  # the formats whose cells may hold objects

_BATCH = 512  # rows in one chunk: few writes, little memory


class Options(NamedTuple):
    """How to print. ``color``, ``width``, ``max_rows`` and ``ascii`` are for the table only.

    ``width`` None is the natural width: nothing is wrapped and nothing left out.
    ``max_rows`` 0 prints all rows. ``ascii`` spells all that evcli itself writes in plain ASCII.
    """

    format: str = "table"
    color: bool = False
    width: int | None = None
    max_rows: int = 40
    ascii: bool = False


def render(answer: Answer, options: Options, notes: list[str] | None = None) -> Iterator[str]:
    """The answer as chunks of text: LF line ends, the last chunk ends with one.

    What the table had to leave out is appended to *notes*, for stderr; that list is complete
    once the iterator is exhausted. Raises UsageError for an unknown format, at once.
    """
    write = FORMATS.get(options.format)
    if write is None:
        raise UsageError.one_of("format", options.format, FORMATS)
    if options.format not in NESTED:
        answer = answer.flat()
    return _batched(write(answer, options, notes if notes is not None else []))


def _table(answer: Answer, options: Options, notes: list[str]) -> Iterable[str]:
    from evcli.render.table import table_lines

    return table_lines(
        answer,
        color=options.color,
        width=options.width,
        max_rows=options.max_rows,
        notes=notes,
        ascii=options.ascii,
    )


def _csv(answer: Answer, _options: Options, _notes: list[str]) -> Iterable[str]:
    from evcli.render.delimited import csv_lines

    return csv_lines(answer)


def _tsv(answer: Answer, _options: Options, _notes: list[str]) -> Iterable[str]:
    from evcli.render.delimited import tsv_lines

    return tsv_lines(answer)


def _json(answer: Answer, _options: Options, _notes: list[str]) -> Iterable[str]:
    from evcli.render.json_rows import json_lines

    return json_lines(answer)


def _jsonl(answer: Answer, _options: Options, _notes: list[str]) -> Iterable[str]:
    from evcli.render.json_rows import jsonl_lines

    return jsonl_lines(answer)


def _markdown(answer: Answer, _options: Options, _notes: list[str]) -> Iterable[str]:
    from evcli.render.markdown import markdown_lines

    return markdown_lines(answer)


# every format: how an answer is written in it; the first is used unless another is asked for
FORMATS: Mapping[str, Callable[[Answer, Options, list[str]], Iterable[str]]] = MappingProxyType(
    {
        "table": _table,
        "csv": _csv,
        "tsv": _tsv,
        "json": _json,
        "jsonl": _jsonl,
        "markdown": _markdown,
    }
)


def _batched(lines: Iterable[str]) -> Iterator[str]:
    """Join many small lines into few chunks without ever holding them all."""
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield "".join(batch)
            batch.clear()
    if batch:
        yield "".join(batch)
