"""A citation in the style asked for."""

from __future__ import annotations

from collections.abc import Iterator

from evcli.errors import UsageError
from evcli.publish.citation import Citation

STYLES = ("text", "markdown", "bibtex", "csl-json")


def check_style(style: str) -> None:
    """Raises UsageError, listing the styles, for one that is none."""
    if style not in STYLES:
        raise UsageError.one_of("style", style, STYLES)


def written(citation: Citation, style: str) -> Iterator[str]:
    """The lines of *citation*; UsageError for a style that is none."""
    check_style(style)
    match style:
        case "text":
            from evcli.publish.reference_list import text_lines

            return text_lines(citation)
        case "markdown":
            from evcli.publish.reference_list import markdown_lines

            return markdown_lines(citation)
        case "bibtex":
            from evcli.publish.bibtex import bibtex_lines

            return bibtex_lines(citation)
    from evcli.publish.csl_json import csl_json_lines

    return csl_json_lines(citation)


def left_out(citation: Citation, style: str) -> list[str]:
    """Sentences that a style of references alone has no place for, since no source bears them."""
    if style in ("text", "markdown"):
        return []
    from evcli.publish.reference_list import letters_in, plain_sentence

    return [plain_sentence(each) for each in citation.sentences if not letters_in(each)]
