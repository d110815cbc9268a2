r"""References as BibTeX: UTF-8, with everything escaped that TeX would read as its own.

>>> escaped("100% of R&D in {China}_2025 #1, 比亚迪")
'100\\% of R\\&D in \\textbraceleft{}China\\textbraceright{}\\_2025 \\#1, 比亚迪'
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from evcli.publish.citation import Citation
from evcli.publish.csl_json import annotation, kind_of, note_of
from evcli.publish.references import Reference, date_of, outlet_of, title_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# braces as commands: BibTeX counts a brace even where a backslash stands before it
_ESCAPES = MappingProxyType(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_IN_ADDRESS = MappingProxyType({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", '"': "%22"})


def bibtex_lines(citation: Citation) -> Iterator[str]:
    """The record as a comment, then an entry for each reference in the order of the letters."""
    yield f"% {citation.record}\n"
    for each in citation.references:
        yield "\n"
        yield from _entry(each, citation)


def escaped(text: str) -> str:
    """*text* as TeX prints it; letters of every script stay what they are."""
    return "".join(_ESCAPES.get(char, char) for char in text)


def _entry(reference: Reference, citation: Citation) -> Iterator[str]:
    source = reference.source
    report = kind_of(source) == "report"
    year, month, day = [*date_of(source).split("-"), "", "", ""][:3]
    outlet = escaped(outlet_of(source))
    fields = {
        "title": _braced(f"{{{escaped(title)}}}" if (title := title_of(source)) else ""),
        "institution" if report else "howpublished": _braced(outlet),
        "year": _braced(year),
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": _braced(day.lstrip("0")),
        "url": _braced("".join(_IN_ADDRESS.get(char, char) for char in source.url)),
        "note": _braced(escaped(note_of(reference))),
        "annote": _braced(escaped(annotation(reference, citation))),
    }
    yield f"@{'techreport' if report else 'misc'}{{{source.id},\n"
    for name, value in fields.items():
        if value:
            yield f"  {name} = {value},\n"
    yield "}\n"


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""
