"""How units are written."""

from __future__ import annotations

import re

import pytest

from evcli.schema.records import PATTERNS

UNIT = PATTERNS["unit"]


@pytest.mark.parametrize(
    "text",
    ["vehicles", "vehicles/year", "USD/vehicles/year", "GWh*USD", "year*year", "1", "1/year", "x2"],
)
def test_what_is_a_unit(text: str) -> None:
    assert re.fullmatch(UNIT, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "vehicles/",
        "/year",
        "vehicles//year",
        "2vehicles",
        "vehicles year",
        "1/1",
        "vehicles/1",
        "vehicles*",
        "*year",
        "vehicles * year",
        "1*year",
        "vehicles/year*day",
        "辆",
        "vehicles\n",
        "%",
    ],
)
def test_what_is_no_unit(text: str) -> None:
    assert not re.fullmatch(UNIT, text)
