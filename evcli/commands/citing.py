"""How commands print a citation: as it is, but on a terminal text wraps between words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evcli.publish.citation import Citation
from evcli.publish.styles import written
from evcli.render.output import Output
from evcli.terminal import folded


def print_citation(citation: Citation, style: str) -> None:
    """Print *citation* on stdout; UsageError for a style that is none."""
    stdout = Output()
    lines = written(citation, style)
    if style == "text" and stdout.width is not None:
        lines = wrapped(lines, stdout.width)
    stdout.write(["".join(lines)])


def wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    r"""Lines of at most *width* cells, where words are no longer; addresses are never broken.

    >>> print("".join(wrapped(["[a] Exports rise. https://example.org/exports\n"], 20)), end="")
    [a] Exports rise.
        https://example.org/exports
    """
    for line in lines:
        indent = "    " if line.startswith("[") else ""
        yield "\n".join(folded(line.rstrip("\n"), max(width, 20), indent)) + "\n"
