"""What examples in docstrings have at hand."""

from __future__ import annotations

from typing import Any

import pytest

import evcli


@pytest.fixture(autouse=True)
def _at_hand(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["evcli"] = evcli
