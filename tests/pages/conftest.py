"""A report made by hand, and a browser to read it with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.model.period import parse_period
from evcli.model.picture import (
    ChartSeries,
    KeyFigure,
    Mark,
    Picture,
    Publication,
    ReportSection,
    Shape,
)
from evcli.model.quantity import Bounds

MAKERS = ("BYD 比亚迪", "SAIC", "Chery", "Geely", "Great Wall", "Changan", "GAC", "Tesla", "NIO")
COLUMNS = (Column("id"), Column("value", Kind.NUMBER), Column("sources", Kind.LIST))
VIEWS = (
    HumanColumn("who", View.TEXT, ("what",)),
    HumanColumn("value", View.BOUNDED, ("value", "low", "high"), unit_from="unit"),
    HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high")),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note",)),
)


def row(at: int, name: str) -> dict[str, Value]:
    value = Fraction(1_000_000 - 90_000 * at)
    return {
        "id": f"x{at}",
        "what": name,
        "value": value,
        "low": value - 500,
        "high": value + 500,
        "unit": "vehicles",
        "yoy": Fraction(10 - 5 * at),
        "yoy_low": None,
        "yoy_high": None,
        "basis": "derived" if at == 2 else "stated",
        "sources": ("page-1", "page-2")[: at % 2 + 1],
        "note": "counts <exports> & sales" if at == 1 else "",
    }


@pytest.fixture
def publication() -> Publication:
    """Two tables, a chart, key figures, definitions, findings and two sources."""
    rows = [row(at, name) for at, name in enumerate(MAKERS)]
    answer = Answer(COLUMNS, rows, VIEWS, title="Makers abroad, 2025", notes=("counted apart",))
    marks = tuple(
        Mark(
            f"2025-{month:02}",
            Fraction(month * 1000),
            Bounds(Fraction(month * 900), None),
            parse_period(f"2025-{month:02}"),
            derived=month == 3,
        )
        for month in range(1, 7)
    )
    picture = Picture(
        Shape.TIME,
        "Six months",
        "vehicles",
        (ChartSeries("BYD", marks, "byd"),),
        sources=("A page",),
    )
    return Publication(
        "Makers <abroad>",
        "Who sold how many.",
        (KeyFigure("BYD sold 1,000,000 vehicles.", "evcli explain x0", ("page-1",)),),
        (
            ReportSection("Ranking", "evcli top", answer, "By size.", (picture, picture)),
            ReportSection("Short", "evcli get x", answer._replace(rows=rows[:2])),
            ReportSection("Nothing", "evcli get y", answer._replace(rows=[])),
        ),
        (("Exports", "Vehicles that left the country."),),
        ReportSection("Set aside", "evcli check", answer._replace(rows=rows[:1])),
        {
            "page-1": ("First page. https://example.org/1", "https://example.org/1"),
            "page-2": ("Second page (Outlet, 2025).", "javascript:alert(1)"),
        },
        "evcli record abc",
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium of the system, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def html(publication: Publication, tmp_path: Path) -> Path:
    """The report as a file."""
    pytest.importorskip("vl_convert", reason="the extra that draws is not installed")
    from evcli.render.report.pages import html_page

    path = tmp_path / "report.html"
    path.write_text(html_page(publication), encoding="utf-8")
    return path
