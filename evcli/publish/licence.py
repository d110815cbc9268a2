"""Under which terms the figures may be used, and how they are quoted."""

from __future__ import annotations

from evcli.publish.contents import Contents
from evcli.version import __version__

NAME = "CC-BY-4.0"
TITLE = "Creative Commons Attribution 4.0"
URL = "https://creativecommons.org/licenses/by/4.0/"


def title(contents: Contents) -> str:
    """What the package is called."""
    of = f", a selection: {contents.selection}" if contents.selection else ""
    return f"China's electric vehicles abroad{of}"


def quotation(contents: Contents) -> str:
    """One sentence that names all that another needs to find the same figures."""
    newest = f", newest source {contents.newest}" if contents.newest else ""
    as_of = f", as published by {contents.as_of}" if contents.as_of else ""
    return (
        f"The evcli authors: {title(contents)}. evcli {__version__}, "
        f"record {contents.digest[:12]}{newest}{as_of}. {NAME}."
    )
