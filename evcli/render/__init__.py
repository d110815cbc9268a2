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

from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from evcli.errors import check_one_of
from evcli.render.output import ClosedPipe, Stdout, encoded

if TYPE_CHECKING:
    from evcli.model.answer import Answer

__all__ = ["FORMATS", "NESTED", "ClosedPipe", "Options", "Stdout", "encoded", "render"]
NESTED = ("json", "jsonl")  # the formats whose cells may hold objects

_BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
_BATCH = 512  # rows in one chunk: few writes, little memory


class Options(NamedTuple):
    """How to print. All but ``format``, ``header`` and ``excel`` is for the table only.

    ``width`` None is the natural width: nothing is wrapped and nothing left out. ``ascii`` spells
    all that evcli itself writes in plain ASCII. ``notes`` and ``sources`` are listed, or counted;
    ``verbose`` shows all bounds and the same command ``in_ids``. ``header`` False leaves out the
    names of the fields, for formats whose first line has them; ``excel`` is for CSV and TSV.
    """

    format: str = "table"
    color: bool = False
    width: int | None = None
    ascii: bool = False
    header: bool = True
    notes: bool = False
    sources: bool = False
    verbose: bool = False
    in_ids: str = ""
    excel: bool = False


def render(answer: "Answer", options: Options) -> Iterator[str]:
    """The answer as chunks of text: LF line ends, the last chunk ends with one.

    Raises UsageError for an unknown format, at once.
    """
    check_one_of("format", options.format, FORMATS)
    name, function = FORMATS[options.format].split(":")
    module = import_module(f"evcli.render.{name}")
    write = getattr(module, function)
    if options.format not in NESTED:
        answer = answer.flat()
    if options.format == "table":
        return _batched(write(answer, options))
    if options.excel:
        answer = module.for_excel(answer)
    lines = islice(write(answer), 0 if options.header else 1, None)
    return _batched(chain([_BYTE_ORDER_MARK] * options.excel, lines))


# every format: what writes an answer in it; the first is used unless another is asked for
FORMATS: Mapping[str, str] = {
    "table": "table:table_lines",
    "csv": "machine:csv_lines",
    "tsv": "machine:tsv_lines",
    "json": "machine:json_lines",
    "jsonl": "machine:jsonl_lines",
    "markdown": "machine:markdown_lines",
}


def _batched(lines: Iterator[str]) -> Iterator[str]:
    """Join many small lines into few chunks without ever holding them all."""
    while batch := "".join(islice(lines, _BATCH)):
        yield batch
