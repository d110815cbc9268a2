"""The topics that come along, as a browser and a screen reader find them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("vl_convert", reason="the extra that draws is not installed")


@pytest.mark.parametrize("topic", ["exports", "policy"])
def test_nothing_is_wrong_with_it(
    topic: str, browser: Any, topic_page: Callable[[str], Path]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    path = topic_page(topic)
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    results = axe.Axe().run(page)
    violations = [
        (each["id"], each["nodes"][0]["html"][:150]) for each in results.response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    letters = page.evaluate("[...document.querySelectorAll('sup a')].map(a => a.hash)")
    targets = page.evaluate("[...document.querySelectorAll('#sources li')].map(e => '#' + e.id)")
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert violations == [], violations
    assert wide <= 390
    assert set(letters) <= set(targets)
    assert targets
