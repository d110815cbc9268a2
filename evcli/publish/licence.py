"""Under which terms the figures may be used, and how they are quoted."""

from __future__ import annotations

from evcli.publish.contents import Contents
from evcli.version import __version__

NAME = "CC-BY-4.0"
TITLE = "Creative Commons Attribution 4.0"
URL = "https://creativecommons.org/licenses/by/4.0/"


def title(contents: Contents) -> str:
    """What the package is called."""
    what = "Figures of fact files" if contents.added else "China's electric vehicles abroad"
    return f"{what}, a selection: {contents.selection}" if contents.selection else what


def terms(contents: Contents) -> str:
    """Under which terms the package may be used; evcli cannot speak for packs of others."""
    ours = f"[{TITLE}]({URL}) ({NAME})"
    if not contents.added:
        return ours
    return f"the built-in facts are under {ours}, those of added packs under their authors' terms"


def quotation(contents: Contents) -> str:
    """One line that names all that another needs to find the same figures."""
    newest = f", newest source {contents.newest}" if contents.newest else ""
    as_of = f", as published by {contents.as_of}" if contents.as_of else ""
    made = f"evcli {__version__}, record {contents.digest[:12]}{newest}{as_of}"
    if contents.added:
        return f"{title(contents)}. Made with {made}, with packs added to the built-in facts."
    return f"The evcli authors: {title(contents)}. {made}. {NAME}."
