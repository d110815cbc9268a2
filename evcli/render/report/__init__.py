"""Reports as pages: one HTML file that needs nothing else, or Markdown."""

from __future__ import annotations

from pathlib import Path


def style() -> str:
    """The style rules of every page: light and dark, phone and paper."""
    return Path(__file__).with_name("page.css").read_text("utf-8")
