"""The page in a real browser: nothing from outside, no error, and usable by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Any, html: Path) -> Any:
    context = browser.new_context(
        color_scheme=request.param, viewport={"width": 1200, "height": 900}
    )
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(html.as_uri())
    yield page
    context.close()


def test_no_error_and_nothing_from_outside(page: Any, html: Path) -> None:
    page.wait_for_timeout(200)
    assert page.said == []
    # fonts stand in the page itself
    assert [url for url in page.asked if not url.startswith("data:")] == [html.as_uri()]


def test_charts_are_seen_and_told(page: Any) -> None:
    charts = page.locator("figure svg[role=img]")
    assert charts.count() == 2
    for at in range(2):
        box = charts.nth(at).bounding_box()
        assert box["width"] > 400
        assert box["height"] > 200
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    named = page.evaluate(
        "[...document.querySelectorAll('figure>svg')].map(e => e.getAttribute('aria-labelledby')"
        ".split(' ').map(id => document.getElementById(id).textContent).join(' | '))"
    )
    told = (
        "Six months (vehicles). first 2025-01 1,000; last 2025-06 6,000; least 2025-01 1,000; "
        "greatest 2025-06 6,000; 1 of 6 derived."
    )
    assert named == [f"Six months | {told}"] * 2


def test_a_table_narrows_by_words(page: Any) -> None:
    field = page.get_by_label("Only rows with").first
    field.fill("比亚迪")
    rows = page.locator("#part-1 tbody tr:visible")
    assert rows.count() == 1
    assert "1 of 9 rows" in page.locator("#part-1 [role=status]").inner_text()
    field.fill("")
    assert rows.count() == 9
    assert page.locator("#part-2 input").count() == 0  # two rows need none


def test_a_table_sorts_by_number_and_by_name_from_the_keyboard(page: Any) -> None:
    head = page.locator("#part-1 th", has_text="value")
    head.locator("button").focus()
    page.keyboard.press("Enter")
    first = page.locator("#part-1 tbody tr").first
    assert first.locator("th").inner_text() == "NIO"  # 1,000,000 less eight times 90,000
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert first.locator("th").inner_text() == "BYD 比亚迪"
    page.locator("#part-1 th", has_text="who").locator("button").click()
    assert first.locator("th").inner_text() == "BYD 比亚迪"
    assert head.get_attribute("aria-sort") is None


def test_letters_lead_to_the_sources(page: Any) -> None:
    page.locator("#part-1 tbody a").first.click()
    assert page.url.endswith("#source-a")
    source = page.locator("#source-a")
    assert "First page." in source.inner_text()
    assert source.locator("a").get_attribute("href") == "https://example.org/1"
    assert page.locator("#source-b a").count() == 0  # no script behind a link


def test_what_was_written_is_shown_and_not_run(page: Any) -> None:
    assert page.locator("h1").inner_text() == "Makers <abroad>"
    assert "counts <exports> & sales" in page.locator("#part-1").inner_text()


def test_a_phone_needs_no_sideways_scrolling(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_accessible_to_all(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    results = axe.Axe().run(page)
    found = [
        (each["id"], node["html"][:120], node.get("failureSummary", "")[:300])
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
    assert found == [], found


def test_paper_shows_everything_in_black(browser: Any, html: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(html.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".tools").first.is_visible()
    context.close()


def test_without_scripts_all_rows_stand_there(browser: Any, html: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(html.as_uri())
    assert page.locator("#part-1 tbody tr").count() == 9
    assert not page.locator(".tools").first.is_visible()
    context.close()
