"""Figures as SDMX-CSV 2.0, with the data structure that its readers need as SDMX-ML 3.0.

>>> from evcli.model.period import parse_period
>>> [time_period(parse_period(each)) for each in ("2025-H1", "2025-Q3", "2025-01/2025-05")]
['2025-S1', '2025-Q3', '2025-01-01/P5M']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from evcli.model.answer import Answer, Column, Row
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Status
from evcli.model.vocabulary import SubjectKind, Vocabulary
from evcli.publish.tables import PackageTable
from evcli.render.delimited import csv_lines
from evcli.text.numbers import plain

NAME = "figures.sdmx.csv"
STRUCTURE = "figures.structure.xml"
AGENCY, ID, VERSION = "EVCLI", "FIGURES", "1.0"
_NOT_APPLICABLE, _UNKNOWN = "_Z", "_U"
_MISSING = "NaN"  # how SDMX-CSV writes a number that is not there
_STATUS = {
    Status.NORMAL: ("A", "Normal value"),
    Status.ESTIMATED: ("E", "Estimated value"),
    Status.PROVISIONAL: ("P", "Provisional value"),
    Status.FORECAST: ("F", "Forecast value"),
}
_HEAD = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CONCEPTS, _CODES = "CONCEPTS", "CL_OBS_STATUS"


class _Component(NamedTuple):
    """A dimension, measure or attribute: its concept, what it means, and how it is written."""

    id: str
    description: str
    text_type: str = "String"


_DIMENSIONS = (
    _Component("SERIES", "The series: all dimensions but the period are of it."),
    _Component("RIVAL", "1, or 2 and on where sources exclude each other and nothing was chosen."),
    _Component("REF_AREA", "The country that is counted (ISO 3166 alpha-2); _Z for makers."),
    _Component("COUNTERPART_AREA", "Where to: ISO 3166 alpha-2, a region of the record, or world."),
    _Component("SUBJECT", "Who is counted."),
    _Component("INDICATOR", "What is counted."),
    _Component("SCOPE", "Which part is counted."),
    _Component("PUBLISHER", "Who counted."),
    _Component("METHOD", "How it is counted; _U where that is not known."),
    _Component("UNIT_MEASURE", "In what unit."),
)
_TIME = _Component("TIME_PERIOD", "The period.", "ObservationalTimePeriod")
_MEASURE = _Component("OBS_VALUE", "The number; NaN where the words give none.", "Double")
_ATTRIBUTES = (
    _Component("LOW", "The lowest number that the wording allows.", "Double"),
    _Component("HIGH", "The highest number that the wording allows.", "Double"),
    _Component("QUALIFIER", "The word that the source puts in front."),
    _Component("BASIS", "stated, or derived."),
    _Component("OBS_STATUS", "A normal, E estimated, P provisional, F forecast."),
    _Component("SOURCES", "The ids of all sources it rests on."),
    _Component("COMMENT_OBS", "What a reader must know."),
)
_COMPONENTS = (*_DIMENSIONS, _TIME, _MEASURE, *_ATTRIBUTES)


def sdmx_csv_text(
    figures: Iterable[Figure], table: PackageTable, words: Vocabulary
) -> tuple[str, int]:
    """The file, and how many figures stand in it: undated ones have no place in SDMX.

    *table* holds the rows of *figures*, whose numbers are written as there.
    """
    rounding = {field.name: field.rounding for field in table.fields}
    rows = []
    rivals: Counter[tuple[str, Period]] = Counter()
    for figure, row in zip(figures, table.rows, strict=True):
        if figure.period.is_undated:
            continue
        key = (figure.series.id, figure.period)
        rivals[key] += 1
        cells = {name: plain(row.get(name), rounding[name]) for name in rounding}
        rows.append(_row(figure, cells, rivals[key], words))
    columns = tuple(Column(name) for name in (*_HEAD, *(each.id for each in _COMPONENTS)))
    return "".join(csv_lines(Answer(columns, rows))), len(rows)


def time_period(period: Period) -> str:
    """A dated period in the notation of SDMX; what is no calendar window is a start and a length.

    ValueError for an undated one.
    """
    if period.start is None or period.end is None:
        raise ValueError("an undated period has no notation")
    match period.window:
        case Window.HALF:
            return str(period).replace("H", "S")
        case Window.DAY | Window.MONTH | Window.QUARTER | Window.YEAR:
            return str(period)
    months = period.months
    length = f"P{months}M" if months is not None else f"P{(period.end - period.start).days}D"
    return f"{period.start.isoformat()}/{length}"


def _row(figure: Figure, cells: Mapping[str, str], rival: int, words: Vocabulary) -> Row:
    series = figure.series
    subject = words.subjects.get(series.subject)
    country = subject is not None and subject.kind is SubjectKind.COUNTRY
    row = {
        "STRUCTURE": "datastructure",
        "STRUCTURE_ID": f"{AGENCY}:{ID}({VERSION})",
        "ACTION": "I",
        "SERIES": series.id,
        "RIVAL": str(rival),
        "REF_AREA": series.subject if country else _NOT_APPLICABLE,
        "COUNTERPART_AREA": series.destination,
        "SUBJECT": series.subject,
        "INDICATOR": series.metric,
        "SCOPE": series.scope,
        "PUBLISHER": series.publisher,
        "METHOD": series.method or _UNKNOWN,
        "UNIT_MEASURE": figure.unit,
        "TIME_PERIOD": time_period(figure.period),
        "OBS_VALUE": cells["value"] or _MISSING,
        "LOW": cells["low"],
        "HIGH": cells["high"],
        "QUALIFIER": figure.qualifier,
        "BASIS": cells["basis"],
        "OBS_STATUS": _STATUS[Status(figure.status)][0],
        "SOURCES": cells["sources"],
        "COMMENT_OBS": cells["note"],
    }
    return {name: " ".join(text.split()) for name, text in row.items()}  # one line a row


def structure_text(prepared: str) -> str:
    """The data structure as SDMX-ML; *prepared* is the day of the newest source, or empty."""
    for prefix in ("message", "structure", "common"):
        ET.register_namespace(prefix[:3], f"{_SCHEMAS}/{prefix}")
    header = _element(
        "message:Header",
        _element("message:ID", ID),
        _element("message:Test", "false"),
        _element("message:Prepared", f"{prepared or '1970-01-01'}T00:00:00Z"),
        _element("message:Sender", id=AGENCY),
    )
    structures = _element("message:Structures", *_structures())
    root = _element("message:Structure", header, structures)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _structures() -> Iterator[ET.Element]:
    codes = [_named("Code", letter, meaning) for letter, meaning in _STATUS.values()]
    yield _maintained("Codelist", _CODES, "Observation status", codes)
    concepts = [_named("Concept", each.id, each.description) for each in _COMPONENTS]
    yield _maintained("ConceptScheme", _CONCEPTS, "What the columns hold", concepts)
    dimensions = [
        _component("Dimension", each, position=str(position))
        for position, each in enumerate(_DIMENSIONS, start=1)
    ]
    attributes = [_component("Attribute", each, usage="optional") for each in _ATTRIBUTES]
    for each in attributes:
        each.append(_element("structure:AttributeRelationship", _element("structure:Observation")))
    lists = (
        ("Dimension", [*dimensions, _component("TimeDimension", _TIME)]),
        ("Attribute", attributes),
        ("Measure", [_component("Measure", _MEASURE, usage="optional")]),
    )
    components = _element(
        "structure:DataStructureComponents",
        *(_element(f"structure:{of}List", *each, id=f"{of}Descriptor") for of, each in lists),
    )
    yield _maintained("DataStructure", ID, "Figures with bounds, basis and sources", [components])


def _maintained(tag: str, id: str, name: str, inside: list[ET.Element]) -> ET.Element:
    """The only one of its kind, in the list that SDMX wants around it."""
    one = _named(tag, id, name, *inside, agencyID=AGENCY, version=VERSION)
    return _element(f"structure:{tag}s", one)


def _component(tag: str, each: _Component, **attributes: str) -> ET.Element:
    models = "urn:sdmx:org.sdmx.infomodel"
    concept = f"{models}.conceptscheme.Concept={AGENCY}:{_CONCEPTS}({VERSION}).{each.id}"
    written = _element("structure:TextFormat", textType=each.text_type)
    if each.id == "OBS_STATUS":
        codes = f"{models}.codelist.Codelist={AGENCY}:{_CODES}({VERSION})"
        written = _element("structure:Enumeration", codes)
    return _element(
        f"structure:{tag}",
        _element("structure:ConceptIdentity", concept),
        _element("structure:LocalRepresentation", written),
        id=each.id,
        **attributes,
    )


def _named(tag: str, id: str, name: str, *inside: ET.Element, **attributes: str) -> ET.Element:
    title = _element("common:Name", name, **{_LANGUAGE: "en"})
    return _element(f"structure:{tag}", title, *inside, id=id, **attributes)


def _element(tag: str, *inside: ET.Element | str, **attributes: str) -> ET.Element:
    """An element; *tag* begins with the short name of its schema."""
    prefix, _, name = tag.partition(":")
    element = ET.Element(f"{{{_SCHEMAS}/{prefix}}}{name}", attributes)
    for each in inside:
        if isinstance(each, str):
            element.text = each
        else:
            element.append(each)
    return element
