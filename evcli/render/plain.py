"""A value as unquoted text: what CSV, TSV and Markdown have in common.

>>> plain(None), plain(True), plain(("seed-000", "seed-001"))
('', 'true', 'seed-000 seed-001')
"""

from __future__ import annotations

from evcli.model.answer import Rounding, Value
from evcli.render.numbers import digits


def plain(value: Value, rounding: Rounding = Rounding.NEAREST) -> str:
    """Null is empty, flags are ``true`` and ``false``, lists are separated by spaces."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return digits(value, rounding)
