"""How commands print a citation: as it is, but on a terminal text wraps between words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evcli.publish.citation import Citation
from evcli.publish.styles import written
from evcli.render.output import Output


def print_citation(citation: Citation, style: str) -> None:
    """Print *citation* on stdout; UsageError for a style that is none."""
    stdout = Output()
    lines = written(citation, style)
    if style == "text" and stdout.width is not None:
        lines = folded(lines, stdout.width)
    stdout.write(["".join(lines)])


def folded(lines: Iterable[str], width: int) -> Iterator[str]:
    r"""Lines of at most *width* letters, where words are no longer; addresses are never broken.

    >>> print("".join(folded(["[a] Exports rise. https://example.org/exports\n"], 20)), end="")
    [a] Exports rise.
        https://example.org/exports
    """
    import textwrap

    for line in lines:
        indent = "    " if line.startswith("[") else ""
        parts = textwrap.wrap(
            line.rstrip("\n"),
            max(width, 20),
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield "\n".join(parts) + "\n"
