"""Figures as SDMX-CSV 2.0, with the data structure that its readers need as SDMX-ML 3.0.

>>> from evcli.model.period import parse_period
>>> [time_period(parse_period(each)) for each in ("2025-H1", "2025-Q3", "2025-01/2025-05")]
['2025-S1', '2025-Q3', '2025-01-01/P5M']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    rivals: dict[tuple[str, Period], int] = {}
    for figure, row in zip(figures, table.rows, strict=True):
        if figure.period.is_undated:
            continue
        key = (figure.series.id, figure.period)
        rivals[key] = rivals.get(key, 0) + 1
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


def structure_text(prepared: str) -> str:
    """The data structure definition; *prepared* is the day of the newest source, empty if none."""
    return _Structure().text(prepared)


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


class _Structure:
    """Writes the elements of SDMX-ML 3.0."""

    _base = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
    _prefixes = ("message", "structure", "common")
    _concepts = "CONCEPTS"
    _codes = "CL_OBS_STATUS"

    def text(self, prepared: str) -> str:
        for prefix in self._prefixes:
            ET.register_namespace(prefix[:3], f"{self._base}/{prefix}")
        root = ET.Element(self._name("message", "Structure"))
        header = self._inside(root, "message", "Header")
        self._inside(header, "message", "ID").text = ID
        self._inside(header, "message", "Test").text = "false"
        self._inside(header, "message", "Prepared").text = f"{prepared or '1970-01-01'}T00:00:00Z"
        self._inside(header, "message", "Sender", id=AGENCY)
        structures = self._inside(root, "message", "Structures")
        self._codelist(structures)
        self._concept_scheme(structures)
        self._data_structure(structures)
        ET.indent(root)
        return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"

    def _codelist(self, parent: ET.Element) -> None:
        codelist = self._item(
            self._inside(parent, "structure", "Codelists"),
            "Codelist",
            self._codes,
            "Observation status",
            maintained=True,
        )
        for letter, meaning in _STATUS.values():
            self._item(codelist, "Code", letter, meaning)

    def _concept_scheme(self, parent: ET.Element) -> None:
        scheme = self._item(
            self._inside(parent, "structure", "ConceptSchemes"),
            "ConceptScheme",
            self._concepts,
            "What the columns hold",
            maintained=True,
        )
        for each in _COMPONENTS:
            self._item(scheme, "Concept", each.id, each.description)

    def _data_structure(self, parent: ET.Element) -> None:
        structure = self._item(
            self._inside(parent, "structure", "DataStructures"),
            "DataStructure",
            ID,
            "Figures with bounds, basis and sources",
            maintained=True,
        )
        components = self._inside(structure, "structure", "DataStructureComponents")
        dimensions = self._inside(
            components, "structure", "DimensionList", id="DimensionDescriptor"
        )
        for position, each in enumerate(_DIMENSIONS, start=1):
            self._component(dimensions, "Dimension", each, position=str(position))
        self._component(dimensions, "TimeDimension", _TIME)
        attributes = self._inside(
            components, "structure", "AttributeList", id="AttributeDescriptor"
        )
        for each in _ATTRIBUTES:
            attribute = self._component(attributes, "Attribute", each, usage="optional")
            relation = self._inside(attribute, "structure", "AttributeRelationship")
            self._inside(relation, "structure", "Observation")
        measures = self._inside(components, "structure", "MeasureList", id="MeasureDescriptor")
        self._component(measures, "Measure", _MEASURE, usage="optional")

    def _component(
        self, parent: ET.Element, tag: str, each: _Component, **attributes: str
    ) -> ET.Element:
        component = self._inside(parent, "structure", tag, id=each.id, **attributes)
        self._inside(component, "structure", "ConceptIdentity").text = (
            f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:{self._concepts}"
            f"({VERSION}).{each.id}"
        )
        written = self._inside(component, "structure", "LocalRepresentation")
        if each.id == "OBS_STATUS":
            self._inside(
                written, "structure", "Enumeration"
            ).text = (
                f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{self._codes}({VERSION})"
            )
        else:
            self._inside(written, "structure", "TextFormat", textType=each.text_type)
        return component

    def _item(
        self, parent: ET.Element, tag: str, id: str, name: str, *, maintained: bool = False
    ) -> ET.Element:
        attributes = {"agencyID": AGENCY, "version": VERSION} if maintained else {}
        item = self._inside(parent, "structure", tag, id=id, **attributes)
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        self._inside(item, "common", "Name", **{lang: "en"}).text = name
        return item

    def _inside(self, parent: ET.Element, prefix: str, tag: str, **attributes: str) -> ET.Element:
        return ET.SubElement(parent, self._name(prefix, tag), attributes)

    def _name(self, prefix: str, tag: str) -> str:
        return f"{{{self._base}/{prefix}}}{tag}"
